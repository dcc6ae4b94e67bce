package tidefs.fs;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import tidefs.testkit.FsModel.Node;

/** What random operations are done with: users, names, offsets, attributes. */
final class ModelChoice {
  private static final Credentials[] USERS = {
    Credentials.ROOT, new Credentials(1000, 1000, 50), new Credentials(1001, 1001, 50, 1000)
  };
  private static final FileType[] KINDS = {
    FileType.REGULAR,
    FileType.REGULAR,
    FileType.REGULAR,
    FileType.DIRECTORY,
    FileType.DIRECTORY,
    FileType.SYMLINK,
    FileType.FIFO,
    FileType.SOCKET
  };

  private final Random random;

  ModelChoice(Random random) {
    this.random = random;
  }

  Credentials someone() {
    return USERS[random.nextInt(USERS.length)];
  }

  String name() {
    return random.nextInt(100) == 0
        ? "n".repeat(250 + random.nextInt(10))
        : "n" + random.nextInt(12);
  }

  long offset(Node file) {
    long size = file.content.size;
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1, 2 -> size;
      case 3 -> size + random.nextInt(10_000);
      case 4 -> random.nextInt(5_000);
      case 5 ->
          random.nextInt(10) == 0 ? (4L << 20) - random.nextInt(9_000) : random.nextInt(60_000);
      case 6 -> random.nextInt(20) == 0 ? random.nextLong(1L << 41) : random.nextInt(30_000);
      default -> size == 0 ? 0 : random.nextLong(size);
    };
  }

  AttributeChanges changes(Node node) {
    int what = random.nextInt(10);
    int[] ids = {0, 50, 1000, 1001};
    int id = ids[random.nextInt(ids.length)];
    Time time = new Time(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000));
    return new AttributeChanges(
        what < 3 ? OptionalInt.of(random.nextInt(010000)) : OptionalInt.empty(),
        what == 3 ? OptionalInt.of(id) : OptionalInt.empty(),
        what == 4 ? OptionalInt.of(id) : OptionalInt.empty(),
        what > 6 ? OptionalLong.of(offset(node)) : OptionalLong.empty(),
        Optional.empty(),
        what == 5
            ? Optional.of(new AttributeChanges.TimeChange.To(time))
            : what == 6 ? Optional.of(new AttributeChanges.TimeChange.Now()) : Optional.empty());
  }

  /** A kind of inode, files most often. */
  FileType type() {
    return KINDS[random.nextInt(KINDS.length)];
  }
}
