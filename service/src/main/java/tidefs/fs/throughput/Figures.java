package tidefs.fs.throughput;

/** Amazon EFS's figures ("Amazon EFS performance", "Amazon EFS quotas and limits"). */
public final class Figures {
  public static final long KIB = 1L << 10;
  public static final long MIB = 1L << 20;
  public static final long GIB = 1L << 30;
  public static final long TIB = 1L << 40;

  /** Baseline in bursting mode, for each GiB in Standard storage. */
  public static final long BASELINE_BYTES_PER_SECOND_PER_GIB = 50 * KIB;

  /** The least baseline, however small the file system is. */
  public static final long LEAST_BASELINE_BYTES_PER_SECOND = MIB;

  /** Burst rate for each TiB in Standard storage. */
  public static final long BURST_BYTES_PER_SECOND_PER_TIB = 100 * MIB;

  /** The least burst rate. */
  public static final long LEAST_BURST_BYTES_PER_SECOND = 100 * MIB;

  /** 2.1 TiB: what a new file system has, and the most that one below 1 TiB can save up. */
  public static final long CREDIT_BYTES = 2_308_974_418_330L;

  /** Reads are metered at one byte in three. */
  public static final int READ_DISCOUNT = 3;

  /** What a request is metered at, at the least. */
  public static final long LEAST_REQUEST_BYTES = 4 * KIB;

  /** What a read or write counts in TotalIOBytes, at the least. */
  public static final long LEAST_DATA_IO_BYTES = 32 * KIB;

  /** Regional file systems in the large Regions, bursting. */
  public static final Caps BURSTING = new Caps(5 * GIB, 3 * GIB, 500 * MIB, 35_000, 7_000);

  /** Regional file systems in the large Regions, provisioned. */
  public static final Caps PROVISIONED = new Caps(10 * GIB, 3_414 * MIB, 500 * MIB, 55_000, 25_000);

  /** Regional file systems in the large Regions, elastic. */
  public static final Caps ELASTIC = new Caps(60 * GIB, 5 * GIB, 1_500 * MIB, 250_000, 50_000);

  /** Operations in Max I/O performance mode, bursting and provisioned ("Performance modes"). */
  public static final int MAX_IO_READ_OPERATIONS_PER_SECOND = 500_000;

  /** See {@link #MAX_IO_READ_OPERATIONS_PER_SECOND}. */
  public static final int MAX_IO_WRITE_OPERATIONS_PER_SECOND = 100_000;

  private Figures() {}
}
