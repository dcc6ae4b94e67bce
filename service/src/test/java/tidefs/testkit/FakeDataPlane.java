package tidefs.testkit;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tidefs.control.DataPlane;
import tidefs.control.MeteredSize;

/** A data plane that remembers what it was told, and fails where a test says so. */
public final class FakeDataPlane implements DataPlane {
  /** The metered size of an empty file system: its root directory. */
  public static final long EMPTY_BYTES = 6_144;

  private final Set<String> fileSystems = ConcurrentHashMap.newKeySet();
  private final Map<String, Export> exports = new ConcurrentHashMap<>();
  private volatile boolean failing;

  /** Whether every call but {@link #meteredSize} fails. */
  public void failing(boolean fails) {
    failing = fails;
  }

  /** The file systems whose contents exist. */
  public Set<String> fileSystems() {
    return Set.copyOf(fileSystems);
  }

  /** The exports that are served, by mount target. */
  public Map<String, Export> exports() {
    return Map.copyOf(exports);
  }

  @Override
  public void createFileSystem(String fileSystemId, Optional<String> kmsKey) {
    failIfTold();
    fileSystems.add(fileSystemId);
  }

  @Override
  public void deleteFileSystem(String fileSystemId) {
    failIfTold();
    fileSystems.remove(fileSystemId);
  }

  @Override
  public void listen(Export export) {
    failIfTold();
  }

  @Override
  public void publish(Export export) {
    failIfTold();
    exports.put(export.mountTargetId(), export);
  }

  @Override
  public void withdraw(Export export) {
    failIfTold();
    exports.remove(export.mountTargetId());
  }

  @Override
  public MeteredSize meteredSize(String fileSystemId) {
    return new MeteredSize(EMPTY_BYTES, 0, 0, Instant.EPOCH);
  }

  private void failIfTold() {
    if (failing) {
      throw new Fault("told to fail");
    }
  }
}
