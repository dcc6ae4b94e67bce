package tidefs.replica;

import java.io.IOException;

/** The destination is not where the last round left it: everything must be compared. */
public final class Diverged extends IOException {
  private static final long serialVersionUID = 1;

  Diverged() {
    super("the destination lacks what an earlier round brought");
  }
}
