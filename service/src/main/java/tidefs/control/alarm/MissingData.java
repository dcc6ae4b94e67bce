package tidefs.control.alarm;

import java.util.Optional;

/** How a period without a point is treated. */
public enum MissingData {
  MISSING("missing"),
  IGNORE("ignore"),
  BREACHING("breaching"),
  NOT_BREACHING("notBreaching");

  private final String wireName;

  MissingData(String wireName) {
    this.wireName = wireName;
  }

  /** The name in the API. */
  public String wireName() {
    return wireName;
  }

  /** The treatment of this name in the API. */
  public static Optional<MissingData> named(String wireName) {
    for (MissingData each : values()) {
      if (each.wireName.equals(wireName)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
