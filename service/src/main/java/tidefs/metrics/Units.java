package tidefs.metrics;

import java.util.List;

/** The units of CloudWatch (its shape StandardUnit). */
public final class Units {
  public static final String NONE = "None";
  public static final String BYTES = "Bytes";
  public static final String BYTES_PER_SECOND = "Bytes/Second";
  public static final String COUNT = "Count";
  public static final String PERCENT = "Percent";
  public static final String SECONDS = "Seconds";

  /** All of them. */
  public static final List<String> ALL =
      List.of(
          NONE,
          BYTES,
          COUNT,
          BYTES_PER_SECOND,
          PERCENT,
          SECONDS,
          "Microseconds",
          "Milliseconds",
          "Kilobytes",
          "Megabytes",
          "Gigabytes",
          "Terabytes",
          "Bits",
          "Kilobits",
          "Megabits",
          "Gigabits",
          "Terabits",
          "Kilobytes/Second",
          "Megabytes/Second",
          "Gigabytes/Second",
          "Terabytes/Second",
          "Bits/Second",
          "Kilobits/Second",
          "Megabits/Second",
          "Gigabits/Second",
          "Terabits/Second",
          "Count/Second");

  private Units() {}
}
