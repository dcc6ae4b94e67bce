package tidefs.fs;

/**
 * Which device a block or character special file stands for. The server only keeps the numbers:
 * what they mean is the client's affair.
 *
 * @param major the driver, unsigned 32 bits
 * @param minor the driver's device, unsigned 32 bits
 */
public record Device(int major, int minor) {
  /** What everything that is no device has. */
  public static final Device NONE = new Device(0, 0);
}
