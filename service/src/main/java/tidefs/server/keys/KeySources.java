package tidefs.server.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.server.config.EncryptionSettings;
import tidefs.store.StoreFault;
import tidefs.store.crypt.DataKey;
import tidefs.store.crypt.KeyService;
import tidefs.store.crypt.LocalKeys;
import tidefs.store.crypt.RootKey;
import tidefs.store.crypt.SecretRoot;

/**
 * The keys of a server, as its configuration says where they are.
 *
 * @param keyring the keys of its own KMS
 * @param fileSystems the data keys of its file systems
 * @param remote whether a call to the service goes over a network
 */
public record KeySources(Keyring keyring, FileSystemKeys fileSystems, boolean remote) {
  /** The key store's file in the data directory. */
  public static final String STORE = "keys.sealed";

  /** The key file if the configuration names none: in the data directory, beside what it seals. */
  public static final String OWN_KEY = "secret.key";

  /** Opens the keys of a data directory. Throws {@link StoreFault} if the root key is wrong. */
  public static KeySources open(
      EncryptionSettings settings, Path data, Clock clock, Chance chance) {
    LocalKeys local =
        new LocalKeys(new StoreFile(data.resolve(STORE)), root(settings, data, chance), chance);
    Keyring keyring = new Keyring(local, settings.kms().isPresent());
    KeyService service =
        settings.kms().<KeyService>map(it -> new RemoteKms(it, clock)).orElse(keyring);
    FileSystemKeys fileSystems = new FileSystemKeys(data, service, chance);
    return new KeySources(keyring, fileSystems, settings.kms().isPresent());
  }

  /** Seals the key store with another root key. */
  public static void reseal(
      EncryptionSettings from, EncryptionSettings to, Path data, Chance chance) {
    RootKey next = root(to, data, chance);
    new LocalKeys(new StoreFile(data.resolve(STORE)), root(from, data, chance), chance)
        .sealWith(next);
  }

  /** What the configuration says that the key store is sealed with. */
  public static RootKey root(EncryptionSettings settings, Path data, Chance chance) {
    if (settings.pkcs11().isPresent()) {
      return Pkcs11Root.open(settings.pkcs11().get(), chance);
    }
    if (settings.passphraseFile().isPresent()) {
      return SecretRoot.ofPassphrase(lines(settings.passphraseFile().get(), 1).getFirst(), chance);
    }
    Path file = settings.keyFile().orElse(data.resolve(OWN_KEY));
    if (settings.keyFile().isPresent() && !Files.exists(file)) {
      throw new CommandException(
          ExitCode.FAILED,
          "encryption.key-file: there is no file "
              + file
              + ". Make one with: (umask 077; head -c 32 /dev/urandom > "
              + file
              + ")");
    }
    return SecretRoot.ofKey(KeyFile.open(file, DataKey.BYTES, chance), chance);
  }

  /** The first lines of a file that holds a secret; at least {@code count} that are not empty. */
  static List<String> lines(Path file, int count) {
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() < count || lines.stream().limit(count).anyMatch(String::isBlank)) {
        throw new CommandException(
            ExitCode.FAILED, file + " has not the " + count + " line(s) it should have");
      }
      return lines;
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "cannot read " + file + ": " + e, e);
    }
  }

  /** The sealed store in a file. */
  private record StoreFile(Path file) implements LocalKeys.Keeper {
    @Override
    public Optional<byte[]> load() {
      try {
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
      } catch (IOException e) {
        throw new StoreFault("the key store cannot be read", e);
      }
    }

    @Override
    public void save(byte[] sealed) {
      try {
        KeyFile.write(file, sealed);
      } catch (IOException e) {
        throw new StoreFault("the key store cannot be written", e);
      }
    }
  }
}
