package tidefs.fs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tidefs.base.Blocking;
import tidefs.store.Entries;
import tidefs.store.RecordCipher;
import tidefs.store.View;

/** What a store holds after its first batches: encoded batches applied to a plain map. */
final class PrefixView implements View {
  private final TreeMap<byte[], byte[]> map = new TreeMap<>(Arrays::compareUnsigned);
  private final RecordCipher cipher;

  /** Nothing yet; records are opened with {@code cipher}. */
  PrefixView(RecordCipher cipher) {
    this.cipher = cipher;
  }

  /** Applies the next batch, as the journal has it. */
  void apply(byte[] batch) {
    ByteBuffer in = ByteBuffer.wrap(batch).order(ByteOrder.LITTLE_ENDIAN);
    for (int left = in.getInt(); left > 0; left--) {
      boolean puts = in.get() == 1;
      byte[] stored = part(in);
      byte[] key = cipher.openKey(stored);
      if (puts) {
        map.put(key, cipher.openValue(stored, part(in)));
      } else {
        map.remove(key);
      }
    }
  }

  private static byte[] part(ByteBuffer in) {
    int length = 0;
    int shift = 0;
    byte group;
    do {
      group = in.get();
      length |= (group & 0x7f) << shift;
      shift += 7;
    } while (group < 0);
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  @Override
  public Optional<byte[]> get(byte[] key, Blocking blocking) {
    return Optional.ofNullable(map.get(key));
  }

  @Override
  public Entries scan(byte[] from, byte[] to, Blocking blocking) {
    return new Walk(map.subMap(from, to).entrySet().iterator());
  }

  private static final class Walk implements Entries {
    private final Iterator<Map.Entry<byte[], byte[]>> entries;
    private Map.Entry<byte[], byte[]> current = Map.entry(new byte[0], new byte[0]);

    Walk(Iterator<Map.Entry<byte[], byte[]>> entries) {
      this.entries = entries;
    }

    @Override
    public boolean next() {
      if (!entries.hasNext()) {
        return false;
      }
      current = entries.next();
      return true;
    }

    @Override
    public byte[] key() {
      return current.getKey();
    }

    @Override
    public byte[] value() {
      return current.getValue();
    }

    @Override
    public void close() {}
  }
}
