package tidefs.crash;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.Status;

/** What several clients asked of a directory and were told, in the order in which it happened. */
final class History {
  private final List<Event> events = new ArrayList<>();

  /** What can be asked. Files are numbers here, names too. */
  enum Kind {
    CREATE,
    REMOVE,
    RENAME,
    LINK,
    LOOKUP,
    WRITE,
    READ
  }

  /** A question and, once it came, the answer. */
  static final class Call {
    final Kind kind;
    final int name;
    final int other;
    final long file;
    final long value;
    @Nullable Answer answer;

    Call(Kind kind, int name, int other, long file, long value) {
      this.kind = kind;
      this.name = name;
      this.other = other;
      this.file = file;
      this.value = value;
    }

    @Override
    public String toString() {
      return kind + " name " + name + " other " + other + " file " + file + " value " + value
          + " -> " + answer;
    }
  }

  /** How a call ended: which file was made or found, which value read. */
  record Answer(Status status, long file, long value) {}

  /** A call began, or ended; without a call, the server died. */
  record Event(@Nullable Call call, boolean begins) {}

  synchronized void begin(Call call) {
    events.add(new Event(call, true));
  }

  synchronized void end(Call call, Answer answer) {
    call.answer = answer;
    events.add(new Event(call, false));
  }

  /** The server is dead: what was not answered by now never will be, nor be done later. */
  synchronized void serverDied() {
    events.add(new Event(null, false));
  }

  synchronized List<Event> events() {
    return List.copyOf(events);
  }
}
