package tidefs.nfs4;

import org.jspecify.annotations.Nullable;
import tidefs.nfs4.state.Delegations;

/** Keeps files from being delegated while an operation of a COMPOUND changes them: two at most. */
final class ChangeGuard {
  private @Nullable Delegations of;
  private int first;
  private int second;
  private int held;

  /** The operation under way changes a file. */
  void begin(Delegations delegations, long ino) {
    if (held == 2) {
      end();
    }
    of = delegations;
    int place = delegations.changing(ino);
    if (held++ == 0) {
      first = place;
    } else {
      second = place;
    }
  }

  /** The operation has ended, or will be done again from its start. */
  void end() {
    Delegations its = of;
    if (its == null) {
      return;
    }
    its.changed(first);
    if (held == 2) {
      its.changed(second);
    }
    held = 0;
    of = null;
  }
}
