package tidefs.nfs4.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.fs.Credentials;
import tidefs.fs.FileSystem;
import tidefs.fs.Operation;

/**
 * A file system as NFS serves it: with the domain that its own mount targets share, its open files,
 * its handles and what it remembers of clients. One for each open file system.
 */
public final class Volume {
  private static final byte[] SECRET_KEY = {'h'};

  private final String id;
  private final long number;
  private final FileSystem fileSystem;
  private final Clock clock;
  private final StateDomain domain;
  private final Handles handles;
  private final Recovery recovery;
  private final FileStates files = new FileStates(this);
  private final Opens opens = new Opens(this);
  private final Delegations delegations = new Delegations();
  private volatile boolean readable = true;

  private Volume(
      String id,
      FileSystem fileSystem,
      NfsConfig config,
      Clock clock,
      Chance chance,
      Executor background) {
    this.id = id;
    this.fileSystem = fileSystem;
    this.clock = clock;
    number = numberOf(id);
    domain = new StateDomain(id, config, clock, chance);
    handles = new Handles(number, secret(fileSystem, chance));
    recovery = new Recovery(fileSystem, config.grace(), clock, background);
  }

  /**
   * Takes a file system into service. May wait for it: not for an event loop.
   *
   * @param id its id, such as {@code fs-0123456789abcdef0}; never another's
   * @param background runs short tasks that may wait
   */
  public static Volume open(
      String id,
      FileSystem fileSystem,
      NfsConfig config,
      Clock clock,
      Chance chance,
      Executor background) {
    return new Volume(id, fileSystem, config, clock, chance, background);
  }

  /** The file system's id. */
  public String id() {
    return id;
  }

  /** A number made of the id: the fsid, and what file handles carry. */
  public long number() {
    return number;
  }

  /** The file system. */
  public FileSystem fileSystem() {
    return fileSystem;
  }

  /** The server that the file system's own mount targets are. */
  public StateDomain domain() {
    return domain;
  }

  /** Its file handles. */
  public Handles handles() {
    return handles;
  }

  /** What it remembers of clients beyond a restart. */
  public Recovery recovery() {
    return recovery;
  }

  /** Its open files. */
  public FileStates files() {
    return files;
  }

  /** Opens and locks. */
  public Opens opens() {
    return opens;
  }

  /** Whether its files may be seen: not while the key that they are encrypted with is disabled. */
  public boolean isReadable() {
    return readable;
  }

  /** Lets files be seen, or has every access to one answered as an I/O error. */
  public void readable(boolean isReadable) {
    readable = isReadable;
  }

  /** Its delegations. */
  public Delegations delegations() {
    return delegations;
  }

  /** Drops silent clients and ends the grace period. To be called every few seconds. */
  public void sweep() {
    domain.sweep();
    recovery.sweep();
  }

  long nanos() {
    return clock.monotonicNanos();
  }

  /** The number of the file system with this id. */
  public static long numberOf(String id) {
    byte[] hash = sha256(id.getBytes(StandardCharsets.UTF_8));
    return HexFormat.fromHexDigitsToLong(HexFormat.of().formatHex(hash, 0, Long.BYTES));
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /** The key of the handles' checksums: made once for a file system, durable before it is used. */
  private static byte[] secret(FileSystem fileSystem, Chance chance) {
    Found found = new Found();
    fileSystem.recoveryRecords().forEach(found::look);
    if (found.secret != null) {
      return found.secret;
    }
    byte[] fresh = new byte[Handles.SECRET_BYTES];
    chance.fill(fresh);
    Operation operation = new Operation(Credentials.ROOT, Blocking.ALLOWED);
    fileSystem.recoveryRecords().put(operation, SECRET_KEY, fresh);
    fileSystem.store().awaitDurable(operation.dependsOn());
    return fresh;
  }

  private static final class Found {
    private byte @Nullable [] secret;

    void look(byte[] key, byte[] value) {
      if (key.length == 1 && key[0] == SECRET_KEY[0]) {
        secret = value;
      }
    }
  }
}
