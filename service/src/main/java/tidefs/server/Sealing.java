package tidefs.server;

import java.util.Optional;
import tidefs.backup.SealedEntries;
import tidefs.iam.identity.Seal;

/** Seals backups with the server's own key. */
record Sealing(Seal own) implements SealedEntries.Sealer {
  @Override
  public byte[] seal(String label, byte[] plain) {
    return own.close(label, plain);
  }

  @Override
  public Optional<byte[]> open(String label, byte[] sealed) {
    return own.plain(label, sealed);
  }
}
