package tidefs.rpc;

import java.util.List;
import tidefs.base.Clock;
import tidefs.base.LogPace;

/** What the connections of a server share. */
record ServerContext(
    Programs programs,
    Limits limits,
    Clock clock,
    ServerCounters counters,
    AssemblyBudget assembly,
    LogPace tlsFailures,
    BusyLoops busyLoops) {

  ServerContext(List<RpcProgram> programs, Limits limits, Clock clock) {
    this(
        new Programs(programs),
        limits,
        clock,
        new ServerCounters(),
        new AssemblyBudget(Limits.ASSEMBLY_BYTES),
        new LogPace(clock),
        new BusyLoops());
  }
}
