package tidefs.control;

/** An Availability Zone: its name in this account and the id that all accounts share. */
public record AvailabilityZone(String name, String id) {}
