package tidefs.fs.throughput;

/** A throughput mode. */
public sealed interface Mode {
  /** The rate grows with the size; what is not used is saved up as credits. */
  record Bursting() implements Mode {}

  /** A rate that was asked for, or that of the size where this is higher. */
  record Provisioned(long bytesPerSecond) implements Mode {
    /** A rate in MiB/s, as the API has it. */
    public static Provisioned ofMibps(double mibps) {
      return new Provisioned(Math.round(mibps * Figures.MIB));
    }
  }

  /** As much as the Region gives. */
  record Elastic() implements Mode {}
}
