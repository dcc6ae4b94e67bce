package tidefs.fs.throughput;

/**
 * What a file system may do at one moment.
 *
 * @param meteredBytesPerSecond the limit on writes, metadata and a third of reads
 * @param caps the limits on reads, writes, clients and operations
 * @param bursting whether the rate comes from the size and depends on credits
 */
public record Allowance(long meteredBytesPerSecond, Caps caps, boolean bursting) {
  /** The allowance of a file system. */
  static Allowance of(Settings settings, Profile profile, boolean hasCredits) {
    return switch (settings.mode()) {
      case Mode.Bursting _ -> bursting(settings, profile, profile.bursting(), hasCredits);
      case Mode.Provisioned provisioned -> {
        long rate = provisioned.bytesPerSecond();
        Caps caps = caps(settings, profile, profile.provisioned());
        yield baseline(settings.standardBytes()) > rate
            ? bursting(settings, profile, profile.provisioned(), hasCredits)
            : new Allowance(rate, caps, false);
      }
      case Mode.Elastic _ ->
          new Allowance(profile.elastic().writeBytesPerSecond(), profile.elastic(), false);
    };
  }

  private static Allowance bursting(
      Settings settings, Profile profile, Caps most, boolean hasCredits) {
    long standard = settings.standardBytes();
    Caps caps = caps(settings, profile, most);
    long rate = hasCredits ? burst(standard) : baseline(standard);
    return new Allowance(Math.min(rate, caps.writeBytesPerSecond()), caps, true);
  }

  private static Caps caps(Settings settings, Profile profile, Caps most) {
    return settings.maxIo()
        ? most.withOperations(
            profile.maxIo().readOperationsPerSecond(), profile.maxIo().writeOperationsPerSecond())
        : most;
  }

  /** The rate that a size sustains for ever, and at which it earns credits. */
  public static long baseline(long standardBytes) {
    long bySize = scale(standardBytes, Figures.BASELINE_BYTES_PER_SECOND_PER_GIB, Figures.GIB);
    return Math.max(bySize, Figures.LEAST_BASELINE_BYTES_PER_SECOND);
  }

  /** The rate while there are credits. */
  public static long burst(long standardBytes) {
    long bySize = scale(standardBytes, Figures.BURST_BYTES_PER_SECOND_PER_TIB, Figures.TIB);
    return Math.max(bySize, Figures.LEAST_BURST_BYTES_PER_SECOND);
  }

  /** The most credits that a size can save up. */
  public static long creditCap(long standardBytes) {
    return Math.max(Figures.CREDIT_BYTES, scale(standardBytes, Figures.CREDIT_BYTES, Figures.TIB));
  }

  /** {@code bytes * rate / unit}, rounded down, without overflow. */
  private static long scale(long bytes, long rate, long unit) {
    long whole = Math.multiplyExact(bytes / unit, rate);
    long high = Math.multiplyHigh(bytes % unit, rate);
    long low = (bytes % unit) * rate;
    int shift = Long.numberOfTrailingZeros(unit); // Units are powers of two.
    return whole + (high << (Long.SIZE - shift) | low >>> shift);
  }
}
