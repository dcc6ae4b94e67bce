package tidefs.control;

/** The performance mode of a file system; fixed at its creation. */
public enum PerformanceMode {
  GENERAL_PURPOSE("generalPurpose"),
  MAX_IO("maxIO");

  private final String wireName;

  PerformanceMode(String wireName) {
    this.wireName = wireName;
  }

  /** The name in the EFS API. */
  public String wireName() {
    return wireName;
  }
}
