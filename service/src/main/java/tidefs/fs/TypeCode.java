package tidefs.fs;

import tidefs.store.StoreFault;

/** The numbers by which stored records name types. */
final class TypeCode {
  private TypeCode() {}

  static byte of(FileType type) {
    return switch (type) {
      case REGULAR -> 1;
      case DIRECTORY -> 2;
      case SYMLINK -> 3;
      case FIFO -> 4;
      case SOCKET -> 5;
      case BLOCK -> 6;
      case CHARACTER -> 7;
    };
  }

  static FileType type(int code) {
    return switch (code) {
      case 1 -> FileType.REGULAR;
      case 2 -> FileType.DIRECTORY;
      case 3 -> FileType.SYMLINK;
      case 4 -> FileType.FIFO;
      case 5 -> FileType.SOCKET;
      case 6 -> FileType.BLOCK;
      case 7 -> FileType.CHARACTER;
      default -> throw new StoreFault("a record names a type that is not known");
    };
  }
}
