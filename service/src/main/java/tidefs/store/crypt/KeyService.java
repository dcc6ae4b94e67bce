package tidefs.store.crypt;

/**
 * Holds keys that never leave it and wraps data keys with them: a key management service. Calls may
 * take their time.
 */
public interface KeyService {
  /**
   * Wraps a data key.
   *
   * @param keyId the id or ARN of the wrapping key
   * @param fileSystem whose data key it is; it can be unwrapped for this one only
   */
  byte[] wrap(String keyId, String fileSystem, DataKey dataKey) throws KeyRefused;

  /** Unwraps what {@link #wrap} returned. */
  DataKey unwrap(String keyId, String fileSystem, byte[] wrapped) throws KeyRefused;
}
