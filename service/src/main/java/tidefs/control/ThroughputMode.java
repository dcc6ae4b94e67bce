package tidefs.control;

/** How the throughput that a file system may have is decided. */
public enum ThroughputMode {
  BURSTING("bursting"),
  PROVISIONED("provisioned"),
  ELASTIC("elastic");

  private final String wireName;

  ThroughputMode(String wireName) {
    this.wireName = wireName;
  }

  /** The name in the EFS API. */
  public String wireName() {
    return wireName;
  }
}
