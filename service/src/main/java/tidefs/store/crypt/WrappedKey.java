package tidefs.store.crypt;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import tidefs.store.StoreFault;

/**
 * A file system's data key as it lies beside its data: wrapped, and with the id of the key that
 * unwraps it. As text of three lines: format, id, wrapped key in hexadecimal.
 *
 * @param keyId the id or ARN of the wrapping key
 */
public record WrappedKey(String keyId, String wrappedHex) {
  private static final String FORMAT = "tidefs-key 1";
  private static final HexFormat HEX = HexFormat.of();

  /** Wraps {@code key}. */
  public static WrappedKey wrap(KeyService service, String keyId, String fileSystem, DataKey key)
      throws KeyRefused {
    return new WrappedKey(keyId, HEX.formatHex(service.wrap(keyId, fileSystem, key)));
  }

  /** The data key. */
  public DataKey unwrap(KeyService service, String fileSystem) throws KeyRefused {
    return service.unwrap(keyId, fileSystem, HEX.parseHex(wrappedHex));
  }

  /** The file's text. */
  public byte[] encode() {
    return (FORMAT + "\n" + keyId + "\n" + wrappedHex + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The key in a file. Throws {@link StoreFault} if it is none. */
  public static WrappedKey decode(byte[] file) {
    List<String> lines = new String(file, StandardCharsets.UTF_8).lines().toList();
    if (lines.size() != 3
        || !lines.getFirst().equals(FORMAT)
        || !lines.getLast().matches("([0-9a-f]{2})+")) {
      throw new StoreFault("the file of the data key is damaged, or of a newer version");
    }
    return new WrappedKey(lines.get(1), lines.getLast());
  }
}
