package tidefs.server.config;

import tidefs.fs.throughput.Caps;
import tidefs.fs.throughput.Figures;
import tidefs.fs.throughput.Profile;

/**
 * Whose limits of throughput hold.
 *
 * @param custom the limits of one's own
 */
public record ThroughputSettings(Kind kind, Caps custom) {
  private static final String UNLIMITED = "unlimited";

  /** Whose limits. */
  public enum Kind {
    AWS,
    UNLIMITED,
    CUSTOM
  }

  /** The limits. */
  public Profile profile() {
    return switch (kind) {
      case AWS -> Profile.AWS;
      case UNLIMITED -> Profile.UNLIMITED;
      case CUSTOM -> Profile.custom(custom);
    };
  }

  static ThroughputSettings read(Section in) {
    Kind kind = in.value("profile", UNLIMITED, ThroughputSettings::kind);
    Caps own =
        new Caps(
            in.integer("read-mibps", 3_072, 1, 1 << 20) * Figures.MIB,
            in.integer("write-mibps", 1_024, 1, 1 << 20) * Figures.MIB,
            in.integer("client-mibps", 500, 1, 1 << 20) * Figures.MIB,
            in.integer("read-operations", 35_000, 1, 1 << 30),
            in.integer("write-operations", 7_000, 1, 1 << 30));
    in.end();
    return new ThroughputSettings(kind, own);
  }

  private static Kind kind(String text) {
    return switch (text) {
      case "aws" -> Kind.AWS;
      case UNLIMITED -> Kind.UNLIMITED;
      case "custom" -> Kind.CUSTOM;
      default -> throw new IllegalArgumentException("is aws, unlimited or custom");
    };
  }
}
