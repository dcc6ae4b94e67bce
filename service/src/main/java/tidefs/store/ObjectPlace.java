package tidefs.store;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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

  /**
   * The object as {@code reader} makes it of its bytes, from a copy that it does not refuse with a
   * {@link StoreFault}; empty if it is not there.
   */
  default <T> Optional<T> get(String name, Function<byte[], T> reader) {
    return get(name).map(reader);
  }

  /**
   * Reads all copies of an object, and replaces those that {@code reader} refuses or that are
   * missing by one that is right. A {@link StoreFault} if there is none.
   *
   * @return how many were replaced
   */
  default int mend(String name, Function<byte[], ?> reader) {
    var _ = get(name, reader).orElseThrow(() -> new StoreFault("an object is missing"));
    return 0;
  }

  /** Makes these objects durable, names included. */
  void sync(Collection<String> names);

  /** Removes an object, if it is there. */
  void remove(String name);

  /** Names that begin with {@code prefix} and come after {@code after}, in order, some of them. */
  List<String> list(String prefix, String after);

  @Override
  void close();
}
