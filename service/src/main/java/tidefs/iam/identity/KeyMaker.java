package tidefs.iam.identity;

import tidefs.base.Chance;

/** Makes ids and secrets in the forms that AWS gives them. */
final class KeyMaker {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String SECRET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final int ID_CHARACTERS = 16;
  private static final int SECRET_CHARACTERS = 40;

  private final Chance chance;

  KeyMaker(Chance chance) {
    this.chance = chance;
  }

  /** An id such as {@code AKIA…} or {@code AIDA…}. */
  String id(String prefix) {
    return prefix + text(BASE32, ID_CHARACTERS);
  }

  /** A secret access key, of 240 random bits. */
  String secret() {
    return text(SECRET, SECRET_CHARACTERS);
  }

  /** Both alphabets divide 256, so every character is as likely as every other. */
  private String text(String alphabet, int length) {
    byte[] bytes = new byte[length];
    chance.fill(bytes);
    StringBuilder text = new StringBuilder(length);
    for (byte b : bytes) {
      text.append(alphabet.charAt((b & 0xff) % alphabet.length()));
    }
    return text.toString();
  }
}
