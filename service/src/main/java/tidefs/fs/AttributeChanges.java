package tidefs.fs;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Attributes to be set, each optional; all or none are set.
 *
 * @param mode the new permission bits, 07777 at most
 * @param uid the new owner
 * @param gid the new group
 * @param size the new size of a regular file, 0 and up
 * @param accessed the new access time
 * @param modified the new modification time
 */
public record AttributeChanges(
    OptionalInt mode,
    OptionalInt uid,
    OptionalInt gid,
    OptionalLong size,
    Optional<TimeChange> accessed,
    Optional<TimeChange> modified) {
  /** Nothing changes. */
  public static final AttributeChanges NONE =
      new AttributeChanges(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty());

  /** A new time: a given one (owner only), or the server's own (whoever may write). */
  public sealed interface TimeChange {
    /** The server's time when the change is made. */
    record Now() implements TimeChange {}

    /** The given time. */
    record To(Time time) implements TimeChange {}
  }
}
