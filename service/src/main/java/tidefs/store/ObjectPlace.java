package tidefs.store;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A place that keeps whole objects under names: a directory on another disk, a bucket.
 *
 * <p>Calls wait for the medium. What goes wrong is a {@link StoreFault}; whether a call that failed
 * had its effect is not known, and repeating it does no harm. Names are words of letters, digits
 * and dashes, and an object is never written twice with other bytes. Safe for concurrent use.
 */
public interface ObjectPlace extends AutoCloseable {
  /** Keeps {@code bytes}, which stay the caller's. Durable after {@link #sync}. */
  void put(String name, byte[] bytes);

  /** The object; empty if it is not there. */
  Optional<byte[]> get(String name);

  /** Makes these objects durable, names included. */
  void sync(Collection<String> names);

  /** Removes an object, if it is there. */
  void remove(String name);

  /** Names that begin with {@code prefix} and come after {@code after}, in order, some of them. */
  List<String> list(String prefix, String after);

  @Override
  void close();
}
