package tidefs.control;

import java.util.Optional;

/** A mount target with where it lies; empty if its subnet has left the configuration. */
public record MountTargetDescription(
    MountTarget mountTarget, Optional<AvailabilityZone> zone, Optional<String> vpcId) {}
