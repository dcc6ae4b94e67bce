package tidefs.store.crypt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tidefs.store.StoreFault;

/**
 * A file system's data keys as they lie beside its data: wrapped, and with the id of the key that
 * unwraps them. As text: a line for the format, one for the id, one for the first key in
 * hexadecimal, and one for each later key, with the numbers from which on it is used.
 *
 * @param keyId the id or ARN of the wrapping key
 */
public record WrappedKey(String keyId, List<Part> parts) {
  private static final String ONE = "tidefs-key 1";
  private static final String SEVERAL = "tidefs-key 2";
  private static final HexFormat HEX = HexFormat.of();

  /** One key, see {@link DataKeys.Era}. */
  public record Part(long firstIno, int firstMove, String wrappedHex) {}

  /** Wraps {@code keys}. */
  public static WrappedKey wrap(KeyService service, String keyId, String fileSystem, DataKeys keys)
      throws KeyRefused {
    List<Part> parts = new ArrayList<>();
    for (DataKeys.Era each : keys.eras()) {
      String wrapped = HEX.formatHex(service.wrap(keyId, fileSystem, each.key()));
      parts.add(new Part(each.firstIno(), each.firstMove(), wrapped));
    }
    return new WrappedKey(keyId, List.copyOf(parts));
  }

  /** The data keys. */
  public DataKeys unwrap(KeyService service, String fileSystem) throws KeyRefused {
    DataKeys keys = DataKeys.of(unwrap(service, fileSystem, parts.getFirst()));
    for (Part each : parts.subList(1, parts.size())) {
      DataKey key = unwrap(service, fileSystem, each);
      keys = keys.with(new DataKeys.Era(key, each.firstIno(), each.firstMove()));
    }
    return keys;
  }

  private DataKey unwrap(KeyService service, String fileSystem, Part part) throws KeyRefused {
    return service.unwrap(keyId, fileSystem, HEX.parseHex(part.wrappedHex()));
  }

  /** The file's text. */
  public byte[] encode() {
    StringBuilder text = new StringBuilder(parts.size() == 1 ? ONE : SEVERAL);
    text.append('\n').append(keyId).append('\n').append(parts.getFirst().wrappedHex());
    for (Part each : parts.subList(1, parts.size())) {
      text.append('\n').append(each.firstIno()).append(' ').append(each.firstMove());
      text.append(' ').append(each.wrappedHex());
    }
    return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The keys in a file. Throws {@link StoreFault} if they are none. */
  public static WrappedKey decode(byte[] file) {
    List<String> lines = new String(file, StandardCharsets.UTF_8).lines().toList();
    String format = lines.isEmpty() ? "" : lines.getFirst();
    boolean one = format.equals(ONE) && lines.size() == 3;
    if ((!one && !(format.equals(SEVERAL) && lines.size() > 3)) || !isHex(lines.get(2))) {
      throw damaged();
    }
    List<Part> parts = new ArrayList<>(List.of(new Part(0, 0, lines.get(2))));
    for (String line : lines.subList(3, lines.size())) {
      String[] words = line.split(" ", -1);
      if (words.length != 3 || !isHex(words[2])) {
        throw damaged();
      }
      try {
        parts.add(new Part(Long.parseLong(words[0]), Integer.parseInt(words[1]), words[2]));
      } catch (NumberFormatException e) {
        throw damaged();
      }
    }
    return new WrappedKey(lines.get(1), List.copyOf(parts));
  }

  private static boolean isHex(String text) {
    return text.matches("([0-9a-f]{2})+");
  }

  private static StoreFault damaged() {
    return new StoreFault("the file of the data key is damaged, or of a newer version");
  }
}
