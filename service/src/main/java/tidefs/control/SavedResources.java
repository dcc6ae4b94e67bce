package tidefs.control;

import java.util.Optional;

/** What a backup of the resources in a {@link StoredResources} needs to know about its entries. */
public final class SavedResources {
  private SavedResources() {}

  /** Whether a key of the store is that of a resource. */
  private static boolean isResource(byte[] key) {
    return (key[0] & 0xff) < StoredResources.FIRST_OTHER;
  }

  /** The id of the file system that an entry is, if it is one that has contents. */
  public static Optional<String> contents(byte[] key, byte[] value) {
    if (!isResource(key) || !(ResourceCodec.decode(key, value) instanceof FileSystem it)) {
      return Optional.empty();
    }
    return switch (it.state()) {
      case AVAILABLE, UPDATING -> Optional.of(it.id());
      case CREATING, DELETING, ERROR -> Optional.empty(); // The next start sees to them.
    };
  }

  /**
   * The value that an entry gets in another place. Replications are left out, and destinations
   * stand alone: an old source must not make its newer copy as old as itself.
   */
  public static Optional<byte[]> restored(byte[] key, byte[] value) {
    if (!isResource(key)) {
      return Optional.of(value);
    }
    Resource resource = ResourceCodec.decode(key, value);
    if (resource instanceof Replication) {
      return Optional.empty();
    }
    return resource instanceof FileSystem it
            && it.settings().protection() == OverwriteProtection.REPLICATING
        ? Optional.of(
            ResourceCodec.value(it.with(it.settings().withProtection(OverwriteProtection.ENABLED))))
        : Optional.of(value);
  }
}
