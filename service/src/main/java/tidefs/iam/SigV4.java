package tidefs.iam;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The arithmetic of Signature Version 4 ("Create a signed AWS API request"), for signers and
 * verifiers alike.
 */
final class SigV4 {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  /** SHA-256 of nothing. */
  static final String EMPTY_HASH =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static final HexFormat HEX = HexFormat.of();
  private static final HexFormat UPPER_HEX = HexFormat.of().withUpperCase();

  private SigV4() {}

  /** The signature, in hexadecimal digits, of a canonical request. */
  static String sign(String secret, CredentialScope scope, String time, String canonicalRequest) {
    String toSign =
        String.join("\n", ALGORITHM, time, scope.toString(), hash(utf8(canonicalRequest)));
    byte[] key = utf8("AWS4" + secret);
    for (String part :
        List.of(scope.date(), scope.region(), scope.service(), CredentialScope.TERMINATOR)) {
      key = hmac(key, part);
    }
    return HEX.formatHex(hmac(key, toSign));
  }

  /**
   * The canonical form of a path as it was sent, for every service but S3: without dot segments,
   * and percent-encoded once more.
   */
  static String canonicalPath(String rawPath) {
    Deque<String> kept = new ArrayDeque<>();
    for (String segment : rawPath.split("/", -1)) {
      if (segment.equals("..")) {
        kept.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        kept.addLast(encode(segment));
      }
    }
    String path = "/" + String.join("/", kept);
    return rawPath.endsWith("/") && !kept.isEmpty() ? path + "/" : path;
  }

  /** The canonical form of a query: decoded names, each with its values; one name is left out. */
  static String canonicalQuery(Map<String, List<String>> parameters, String without) {
    Map<String, List<String>> sorted = new TreeMap<>();
    parameters.forEach((name, values) -> {
      if (!name.equals(without)) {
        sorted.put(encode(name), values.stream().map(SigV4::encode).sorted().toList());
      }
    });
    List<String> pairs = new ArrayList<>();
    sorted.forEach((name, values) -> values.forEach(value -> pairs.add(name + "=" + value)));
    return String.join("&", pairs);
  }

  /** The canonical form of a header's values: trimmed, runs of spaces made one, comma between. */
  static String canonicalValue(List<String> values) {
    return String.join(
        ",", values.stream().map(value -> value.strip().replaceAll(" +", " ")).toList());
  }

  /** Percent-encodes everything but the unreserved characters of RFC 3986 §2.3. */
  static String encode(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte b : utf8(text)) {
      char c = (char) (b & 0xff);
      boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      boolean plain = letter || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
      if (plain) {
        encoded.append(c);
      } else {
        encoded.append('%').append(UPPER_HEX.toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  /** SHA-256, in hexadecimal digits. */
  static String hash(byte[] bytes) {
    try {
      return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Whether two texts are equal, in a time that does not tell where they differ. */
  static boolean equal(String a, String b) {
    return MessageDigest.isEqual(utf8(a), utf8(b));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(utf8(text));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
