package tidefs.control;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The throughput settings of a file system.
 *
 * @param provisionedMibps MiB/s, present exactly in provisioned mode
 * @param changedAt when a user last changed the mode or the amount; empty since creation
 */
public record Throughput(
    ThroughputMode mode, OptionalDouble provisionedMibps, Optional<Instant> changedAt) {
  /**
   * The settings of a new file system.
   *
   * @throws ApiRefusal if mode and amount do not fit together
   */
  public static Throughput initial(ThroughputMode mode, OptionalDouble provisionedMibps)
      throws ApiRefusal {
    return checked(mode, provisionedMibps, Optional.empty());
  }

  /**
   * These settings after a user's change at {@code now}; the same object if nothing differs.
   *
   * <p>For 24 hours after a change of the mode or the amount, the file system may neither leave
   * provisioned mode nor decrease the amount ("Restrictions on switching throughput and changing
   * provisioned amount").
   *
   * @throws ApiRefusal if the new mode and amount do not fit together, or come too early
   */
  Throughput changed(
      Optional<ThroughputMode> newMode, OptionalDouble newProvisionedMibps, Instant now)
      throws ApiRefusal {
    ThroughputMode next = newMode.orElse(mode);
    OptionalDouble amount = newProvisionedMibps;
    if (next == ThroughputMode.PROVISIONED && mode == next && amount.isEmpty()) {
      amount = provisionedMibps;
    }
    if (next != ThroughputMode.PROVISIONED && amount.isPresent() && amount.getAsDouble() == 0) {
      amount = OptionalDouble.empty(); // Terraform sends 0 when it leaves provisioned mode.
    }
    Throughput changed = checked(next, amount, Optional.of(now));
    if (next == mode && amount.equals(provisionedMibps)) {
      return this;
    }
    boolean decrease = next == mode && amount.orElse(0) < provisionedMibps.orElse(0);
    boolean leaving = mode == ThroughputMode.PROVISIONED && next != mode;
    if (decrease || leaving) {
      refuseIfEarly(now);
    }
    return changed;
  }

  private void refuseIfEarly(Instant now) throws ApiRefusal {
    Optional<Instant> free = changedAt.map(at -> at.plusSeconds(Limits.THROUGHPUT_CHANGE_SECONDS));
    if (free.isPresent() && now.isBefore(free.get())) {
      throw new ApiRefusal(
          ErrorCode.TOO_MANY_REQUESTS,
          "You have reached the maximum number of throughput mode changes or provisioned throughput"
              + " value decreases. Wait until "
              + free.get().truncatedTo(ChronoUnit.SECONDS)
              + " UTC and try again.");
    }
  }

  private static Throughput checked(
      ThroughputMode mode, OptionalDouble provisionedMibps, Optional<Instant> changedAt)
      throws ApiRefusal {
    if (mode != ThroughputMode.PROVISIONED && provisionedMibps.isPresent()) {
      throw ApiRefusal.badRequest(
          "Provisioned throughput can be specified only if the throughput mode is provisioned.");
    }
    if (mode == ThroughputMode.PROVISIONED && provisionedMibps.isEmpty()) {
      throw ApiRefusal.badRequest(
          "Provisioned throughput must be specified if the throughput mode is provisioned.");
    }
    if (provisionedMibps.orElse(0) > Limits.PROVISIONED_MIBPS) {
      throw new ApiRefusal(
          ErrorCode.THROUGHPUT_LIMIT_EXCEEDED,
          "The provisioned throughput exceeds the limit of 3414 MiB/s for a file system.");
    }
    return new Throughput(mode, provisionedMibps, changedAt);
  }
}
