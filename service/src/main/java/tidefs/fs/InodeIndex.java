package tidefs.fs;

import java.util.Arrays;

/**
 * The inodes of a file system in 17 bytes each: number, type, generation of the contents, and two
 * counters. They are added in the order of their numbers.
 */
final class InodeIndex {
  private long[] inos = new long[1_024];
  private byte[] types = new byte[1_024];
  private int[] names = new int[1_024];
  private int[] generations = new int[1_024];
  private int size;

  void add(long ino, FileType type, int generation) {
    if (size == inos.length) {
      int larger = size + (size >> 1);
      inos = Arrays.copyOf(inos, larger);
      types = Arrays.copyOf(types, larger);
      names = Arrays.copyOf(names, larger);
      generations = Arrays.copyOf(generations, larger);
    }
    inos[size] = ino;
    types[size] = TypeCode.of(type);
    generations[size++] = generation;
  }

  /** Where an inode is; below 0 if it is not there. */
  int find(long ino) {
    return Arrays.binarySearch(inos, 0, size, ino);
  }

  FileType type(int at) {
    return TypeCode.type(types[at]);
  }

  int generation(int at) {
    return generations[at];
  }

  /** A name of the inode was found. */
  void named(int at) {
    names[at]++;
  }

  int names(int at) {
    return names[at];
  }
}
