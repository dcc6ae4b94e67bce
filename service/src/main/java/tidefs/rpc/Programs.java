package tidefs.rpc;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tidefs.base.Invariant;

/** The programs of a server. Immutable. */
final class Programs {
  private final RpcProgram[] programs;

  Programs(List<RpcProgram> programs) {
    this.programs = programs.toArray(RpcProgram[]::new);
    long numbers = programs.stream().mapToInt(RpcProgram::number).distinct().count();
    Invariant.check(numbers == programs.size(), "programs differ in their numbers");
  }

  /** The program with {@code number}; there are one or two to look through. */
  @Nullable RpcProgram find(int number) {
    for (RpcProgram program : programs) {
      if (program.number() == number) {
        return program;
      }
    }
    return null;
  }

  void opened(Connection connection) {
    for (RpcProgram program : programs) {
      program.opened(connection);
    }
  }
}
