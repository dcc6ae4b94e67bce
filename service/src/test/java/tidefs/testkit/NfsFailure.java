package tidefs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import tidefs.nfs4.op.Status;

/** A COMPOUND ended with another status than OK. */
public final class NfsFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Status status;

  NfsFailure(Status status, int code) {
    super("operation " + code + " ended with " + status);
    this.status = status;
  }

  /** Checks that a call ends with {@code status}. */
  public static void expect(Status status, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(NfsFailure.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  /** What went wrong. */
  public Status status() {
    return status;
  }
}
