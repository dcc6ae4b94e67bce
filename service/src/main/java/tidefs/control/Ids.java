package tidefs.control;

import java.util.HexFormat;
import tidefs.base.Chance;

/** New ids: a prefix that tells the kind and 17 hexadecimal digits, as EFS makes them. */
final class Ids {
  private static final int DIGITS = 17;

  private final Chance chance;

  Ids(Chance chance) {
    this.chance = chance;
  }

  /** A new id such as {@code fs-0123456789abcdef0} for the prefix {@code fs-}. */
  String next(String prefix) {
    byte[] bytes = new byte[DIGITS / 2 + 1];
    chance.fill(bytes);
    return prefix + HexFormat.of().formatHex(bytes).substring(0, DIGITS);
  }
}
