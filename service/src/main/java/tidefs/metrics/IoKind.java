package tidefs.metrics;

/** What a request on a file system does, as the metrics of EFS tell it apart. */
public enum IoKind {
  DATA_READ(0, "DataReadIOBytes"),
  DATA_WRITE(1, "DataWriteIOBytes"),
  METADATA_READ(2, "MetadataReadIOBytes"),
  METADATA_WRITE(3, "MetadataWriteIOBytes");

  private final int index;
  private final String metricName;

  IoKind(int index, String metricName) {
    this.index = index;
    this.metricName = metricName;
  }

  /** Its place in an array of all kinds. */
  int index() {
    return index;
  }

  /** The metric of this kind alone. */
  public String metricName() {
    return metricName;
  }

  /** Whether it moves the contents of files. */
  public boolean data() {
    return this == DATA_READ || this == DATA_WRITE;
  }
}
