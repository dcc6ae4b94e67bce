package tidefs.testkit;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import tidefs.control.ResourceStore;

/** A resource store whose contents outlive a control plane, as a disk does, but not the process. */
public final class MemoryResourceStore implements ResourceStore {
  private static final Charset ISO = StandardCharsets.ISO_8859_1;

  private final Map<String, byte[]> values = new LinkedHashMap<>();
  private long sequence;
  private volatile BooleanSupplier beforeDurable = () -> true;

  /** Runs something in every wait for durability; false fails the wait. */
  public void beforeDurable(BooleanSupplier hook) {
    beforeDurable = hook;
  }

  @Override
  public synchronized void load(BiConsumer<byte[], byte[]> entry) {
    values.forEach((key, value) -> entry.accept(key.getBytes(ISO), value));
  }

  @Override
  public synchronized long apply(List<Change> changes) {
    for (Change change : changes) {
      String key = new String(change.key(), ISO);
      change.value().ifPresentOrElse(value -> values.put(key, value), () -> values.remove(key));
    }
    return ++sequence;
  }

  @Override
  public void awaitDurable(long upTo) {
    if (!beforeDurable.getAsBoolean()) {
      throw new IllegalStateException("the store has failed");
    }
  }
}
