package tidefs.store.crypt;

/** What a key store is sealed with: the one secret that has to be kept outside of it. */
public interface RootKey {
  /** Seals a key store. */
  byte[] seal(byte[] keys);

  /**
   * Opens what {@link #seal} returned.
   *
   * @throws tidefs.store.StoreFault if it was sealed with another secret, or was changed
   */
  byte[] open(byte[] sealed);
}
