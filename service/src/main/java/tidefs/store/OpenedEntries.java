package tidefs.store;

/** A walk over records that a cipher sealed; each is opened when it is asked for. */
final class OpenedEntries implements Entries {
  private final Entries stored;
  private final RecordCipher cipher;

  OpenedEntries(Entries stored, RecordCipher cipher) {
    this.stored = stored;
    this.cipher = cipher;
  }

  @Override
  public boolean next() {
    return stored.next();
  }

  @Override
  public byte[] key() {
    return cipher.openKey(stored.key());
  }

  @Override
  public byte[] value() {
    return cipher.openValue(stored.key(), stored.value());
  }

  @Override
  public void close() {
    stored.close();
  }
}
