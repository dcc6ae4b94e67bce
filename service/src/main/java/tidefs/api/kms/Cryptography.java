package tidefs.api.kms;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import tidefs.api.ServiceError;
import tidefs.base.Chance;
import tidefs.control.Control;
import tidefs.control.KmsKey;
import tidefs.control.NetworkRefusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The operations of KMS that encrypt. A ciphertext is the key's id, after its length in a byte, and
 * what the key made of the plaintext.
 */
final class Cryptography {
  private static final int MOST_PLAINTEXT_BYTES = 4096;
  private static final int MOST_DATA_KEY_BYTES = 1024;
  private static final int AES_256_BYTES = 32;
  private static final int AES_128_BYTES = 16;

  private final Control control;
  private final Chance chance;

  Cryptography(Control control, Chance chance) {
    this.control = control;
    this.chance = chance;
  }

  void encrypt(JsonNode in, ObjectNode out) throws NetworkRefusal, ServiceError {
    byte[] plain = bytes(in, "Plaintext");
    if (plain.length == 0 || plain.length > MOST_PLAINTEXT_BYTES) {
      throw ServiceError.validation("Plaintext is not of 1 to 4096 bytes.");
    }
    encrypt(in, out, plain);
    out.put("EncryptionAlgorithm", "SYMMETRIC_DEFAULT");
  }

  void generateDataKey(JsonNode in, ObjectNode out) throws NetworkRefusal, ServiceError {
    boolean counted = in.has("NumberOfBytes");
    if (counted == in.has("KeySpec")) {
      throw ServiceError.validation("Either KeySpec or NumberOfBytes is needed.");
    }
    int bytes = counted ? in.path("NumberOfBytes").asInt(0) : specified(in);
    if (bytes < 1 || bytes > MOST_DATA_KEY_BYTES) {
      throw ServiceError.validation("NumberOfBytes is not in 1 to 1024.");
    }
    byte[] dataKey = new byte[bytes];
    chance.fill(dataKey);
    encrypt(in, out, dataKey);
    out.put("Plaintext", Base64.getEncoder().encodeToString(dataKey));
  }

  private static int specified(JsonNode in) throws ServiceError {
    return switch (in.path("KeySpec").asString("")) {
      case "AES_256" -> AES_256_BYTES;
      case "AES_128" -> AES_128_BYTES;
      default -> throw ServiceError.validation("KeySpec is neither AES_256 nor AES_128.");
    };
  }

  private void encrypt(JsonNode in, ObjectNode out, byte[] plain)
      throws NetworkRefusal, ServiceError {
    KmsKey key = control.kmsKeys().usable(KmsService.text(in, "KeyId"));
    byte[] encrypted = control.kmsKeys().encrypt(key.id(), context(in), plain);
    byte[] id = key.id().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer blob = ByteBuffer.allocate(1 + id.length + encrypted.length);
    blob.put((byte) id.length).put(id).put(encrypted);
    out.put("CiphertextBlob", Base64.getEncoder().encodeToString(blob.array()));
    out.put("KeyId", control.account().kmsArn("key/" + key.id()));
  }

  void decrypt(JsonNode in, ObjectNode out) throws NetworkRefusal, ServiceError {
    byte[] blob = bytes(in, "CiphertextBlob");
    int idBytes = blob.length == 0 ? 0 : blob[0];
    if (idBytes <= 0 || idBytes >= blob.length) {
      throw new NetworkRefusal("InvalidCiphertextException", "");
    }
    String id = new String(blob, 1, idBytes, StandardCharsets.US_ASCII);
    KmsKey key = control.kmsKeys().usable(id);
    if (in.has("KeyId")
        && !control.kmsKeys().describe(KmsService.text(in, "KeyId")).id().equals(key.id())) {
      throw new NetworkRefusal(
          "IncorrectKeyException",
          "The key ID in the request does not identify a CMK that can perform this operation.");
    }
    byte[] encrypted = Arrays.copyOfRange(blob, 1 + idBytes, blob.length);
    byte[] plain = control.kmsKeys().decrypt(key.id(), context(in), encrypted);
    out.put("KeyId", control.account().kmsArn("key/" + key.id()));
    out.put("Plaintext", Base64.getEncoder().encodeToString(plain));
    out.put("EncryptionAlgorithm", "SYMMETRIC_DEFAULT");
  }

  /** The encryption context: names and values in order, each after its length. */
  private static byte[] context(JsonNode in) {
    Map<String, String> pairs = new TreeMap<>();
    JsonNode context = in.path("EncryptionContext");
    for (String name : context.propertyNames()) {
      pairs.put(name, context.path(name).asString(""));
    }
    StringBuilder text = new StringBuilder();
    pairs.forEach((name, value) ->
        text.append(name.length())
            .append(':')
            .append(name)
            .append(value.length())
            .append(':')
            .append(value));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(JsonNode in, String member) throws ServiceError {
    try {
      return Base64.getDecoder().decode(in.path(member).asString(""));
    } catch (IllegalArgumentException e) {
      throw ServiceError.serialization(member + " is not in Base64.");
    }
  }
}
