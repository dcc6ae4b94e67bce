package tidefs.store;

import java.util.Optional;
import tidefs.base.Blocking;

/**
 * An ordered map of byte keys to byte values, to read from.
 *
 * <p>With {@link Blocking#FORBIDDEN} a read that would have to go to a disk throws {@link
 * tidefs.base.WouldBlock}, from {@link Entries#next()} too.
 */
public interface View {
  /** The value of {@code key}. */
  Optional<byte[]> get(byte[] key, Blocking blocking);

  /** The entries with {@code from <= key < to}, in ascending unsigned order of their keys. */
  Entries scan(byte[] from, byte[] to, Blocking blocking);
}
