package tidefs.server.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Chance;
import tidefs.fs.FileSystem;
import tidefs.store.StoreFault;
import tidefs.store.crypt.DataKey;
import tidefs.store.crypt.DataKeys;
import tidefs.store.crypt.KeyRefused;
import tidefs.store.crypt.KeyService;
import tidefs.store.crypt.WrappedKey;

/**
 * The data keys of file systems: each lies wrapped in a file {@value #FILE} in its file system's
 * folder. A file system without that file is not encrypted.
 */
public final class FileSystemKeys {
  private static final Logger log = LoggerFactory.getLogger(FileSystemKeys.class);

  /** The name of a wrapped key's file. */
  public static final String FILE = "data.key";

  private final Path data;
  private final KeyService service;
  private final Chance chance;

  /** The keys in a data directory, unwrapped by a service. */
  public FileSystemKeys(Path data, KeyService service, Chance chance) {
    this.data = data;
    this.service = service;
    this.chance = chance;
  }

  /**
   * The data keys of a file system, if it is encrypted.
   *
   * @throws KeyUnusable if the service does not unwrap it
   */
  public Optional<DataKeys> of(String fileSystem) {
    Optional<WrappedKey> wrapped = wrapped(fileSystem);
    try {
      return wrapped.isEmpty()
          ? Optional.empty()
          : Optional.of(wrapped.get().unwrap(service, fileSystem));
    } catch (KeyRefused e) {
      throw unusable(wrapped.orElseThrow().keyId(), e);
    }
  }

  /** Makes a data key for a file system that is about to be made. Durable on return. */
  public void make(String fileSystem, String keyId) {
    if (wrapped(fileSystem).isPresent()) {
      return;
    }
    if (Files.exists(data.resolve(fileSystem).resolve("state"))) {
      log.atWarn()
          .addKeyValue("fileSystem", fileSystem)
          .log("A file system that exists unencrypted stays so");
      return;
    }
    try {
      Files.createDirectories(data.resolve(fileSystem));
      save(fileSystem, keyId, DataKeys.of(DataKey.random(chance)));
    } catch (IOException e) {
      throw new StoreFault("the data key of a file system could not be written", e);
    }
  }

  /** Whether a key may be used. */
  public enum Standing {
    USABLE,
    UNUSABLE,
    /** The service that knows does not answer, or the wrapped key cannot be read. */
    UNKNOWN
  }

  /** Whether the key of a file system may be used now. Takes its time if the service is remote. */
  public Standing standing(String fileSystem) {
    try {
      Optional<WrappedKey> wrapped = wrapped(fileSystem);
      if (wrapped.isPresent()) {
        wrapped.get().unwrap(service, fileSystem);
      }
      return Standing.USABLE;
    } catch (StoreFault e) {
      log.atError().addKeyValue("fileSystem", fileSystem).setCause(e).log("Data key not read");
      return Standing.UNKNOWN;
    } catch (KeyRefused e) {
      return e.reason() == KeyRefused.Reason.UNREACHABLE ? Standing.UNKNOWN : Standing.UNUSABLE;
    }
  }

  /** Wraps the data key of a file system anew, with the newest bytes of its key. */
  public void rewrap(String fileSystem) {
    Optional<WrappedKey> wrapped = wrapped(fileSystem);
    if (wrapped.isEmpty()) {
      return;
    }
    String keyId = wrapped.get().keyId();
    try {
      save(fileSystem, keyId, wrapped.get().unwrap(service, fileSystem));
      log.atInfo().addKeyValue("fileSystem", fileSystem).log("Data key wrapped anew");
    } catch (KeyRefused e) {
      log.atInfo()
          .addKeyValue("fileSystem", fileSystem)
          .addKeyValue("reason", e.getMessage())
          .log("Data key not wrapped anew: its key may not be used");
    } catch (IOException e) {
      throw new StoreFault("the data key of a file system could not be written", e);
    }
  }

  /**
   * Gives an encrypted file system another data key, for what is written to it from now on. Nobody
   * has it open. Durable on return.
   *
   * @param unused inode number and generation that no chunk has yet, nor any after them
   * @throws KeyUnusable if the service does not unwrap the keys so far
   */
  public void renew(String fileSystem, FileSystem.Unused unused) {
    Optional<WrappedKey> wrapped = wrapped(fileSystem);
    if (wrapped.isEmpty()) {
      throw new StoreFault("file system " + fileSystem + " is not encrypted");
    }
    String keyId = wrapped.get().keyId();
    try {
      DataKeys keys = wrapped.get().unwrap(service, fileSystem);
      DataKey fresh = DataKey.random(chance);
      save(fileSystem, keyId, keys.with(new DataKeys.Era(fresh, unused.ino(), unused.move())));
    } catch (KeyRefused e) {
      throw unusable(keyId, e);
    } catch (IOException e) {
      throw new StoreFault("the data key of a file system could not be written", e);
    }
  }

  private void save(String fileSystem, String keyId, DataKeys keys) throws IOException {
    try {
      WrappedKey wrapped = WrappedKey.wrap(service, keyId, fileSystem, keys);
      KeyFile.write(file(fileSystem), wrapped.encode());
    } catch (KeyRefused e) {
      throw unusable(keyId, e);
    }
  }

  private Optional<WrappedKey> wrapped(String fileSystem) {
    Path file = file(fileSystem);
    try {
      return Files.exists(file)
          ? Optional.of(WrappedKey.decode(Files.readAllBytes(file)))
          : Optional.empty();
    } catch (IOException e) {
      throw new StoreFault("the data key of a file system could not be read", e);
    }
  }

  private Path file(String fileSystem) {
    return data.resolve(fileSystem).resolve(FILE);
  }

  private static KeyUnusable unusable(String keyId, KeyRefused why) {
    return new KeyUnusable(
        "its data key is encrypted with " + keyId + ", which cannot be used: " + why.getMessage());
  }
}
