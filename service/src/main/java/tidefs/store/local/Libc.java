package tidefs.store.local;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The calls of the C library that Java does not offer, as they are: a result, or minus the error
 * number. Constants are those of Linux, the same on x86-64 and AArch64.
 */
final class Libc {
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_CLOEXEC = 0x80000;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int EEXIST = 17;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int ENOSPC = 28;
  static final int EOPNOTSUPP = 95;
  static final int EDQUOT = 122;
  private static final int O_RDONLY = 0;
  private static final int SEEK_END = 2;
  private static final int RWF_DSYNC = 2;
  private static final int RWF_NOWAIT = 8;
  private static final int SYNC_FILE_RANGE_WRITE = 2;
  private static final int LOCK_EX_NB = 2 | 4;
  private static final int FILE_MODE = 0640;
  private static final int DIRECTORY_MODE = 0750;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      function("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE = function("close", descriptor(JAVA_INT));
  private static final MethodHandle PREAD =
      function("pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle PREADV2 =
      function(
          "preadv2",
          FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle PWRITE =
      function("pwrite", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle PWRITEV2 =
      function(
          "pwritev2",
          FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle FDATASYNC = function("fdatasync", descriptor(JAVA_INT));
  private static final MethodHandle FSYNC = function("fsync", descriptor(JAVA_INT));
  private static final MethodHandle SYNC_FILE_RANGE =
      function(
          "sync_file_range",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle LSEEK =
      function("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle FTRUNCATE =
      function("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle RENAME =
      function("rename", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle UNLINK =
      function("unlink", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle MKDIR =
      function("mkdir", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle FLOCK =
      function("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  /** What a thread needs of native memory for its calls. */
  private static final class Scratch {
    private final Arena arena = Arena.ofAuto();
    final MemorySegment state = arena.allocate(STATE);
    final MemorySegment vector = arena.allocate(ADDRESS.byteSize() + Long.BYTES, Long.BYTES);

    int result(int result) {
      return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
    }

    long result(long result) {
      return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
    }
  }

  private Libc() {}

  static int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      Scratch scratch = SCRATCH.get();
      MemorySegment name = arena.allocateFrom(path);
      return scratch.result((int) OPEN.invokeExact(scratch.state, name, flags, FILE_MODE));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Opens a directory to sync it. */
  static int openDirectory(String path) {
    return open(path, O_RDONLY | O_CLOEXEC);
  }

  static int close(int file) {
    return call(CLOSE, file);
  }

  static long pread(int file, MemorySegment target, long offset) {
    try {
      Scratch scratch = SCRATCH.get();
      return scratch.result(
          (long) PREAD.invokeExact(scratch.state, file, target, target.byteSize(), offset));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Like {@link #pread}, with {@link #EAGAIN} instead of waiting for a disk. */
  static long preadCached(int file, MemorySegment target, long offset) {
    try {
      Scratch scratch = SCRATCH.get();
      scratch.vector.set(ADDRESS, 0, target);
      scratch.vector.set(JAVA_LONG, ADDRESS.byteSize(), target.byteSize());
      return scratch.result(
          (long) PREADV2.invokeExact(scratch.state, file, scratch.vector, 1, offset, RWF_NOWAIT));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static long pwrite(int file, MemorySegment source, long offset) {
    try {
      Scratch scratch = SCRATCH.get();
      return scratch.result(
          (long) PWRITE.invokeExact(scratch.state, file, source, source.byteSize(), offset));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Writes with {@code RWF_DSYNC}: a write and a sync of what it wrote, in one call. */
  static long pwriteDurably(int file, MemorySegment source, long offset) {
    try {
      Scratch scratch = SCRATCH.get();
      scratch.vector.set(ADDRESS, 0, source);
      scratch.vector.set(JAVA_LONG, ADDRESS.byteSize(), source.byteSize());
      return scratch.result(
          (long) PWRITEV2.invokeExact(scratch.state, file, scratch.vector, 1, offset, RWF_DSYNC));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int fdatasync(int file) {
    return call(FDATASYNC, file);
  }

  static int fsync(int file) {
    return call(FSYNC, file);
  }

  static int startWriteback(int file) {
    try {
      Scratch scratch = SCRATCH.get();
      return scratch.result(
          (int) SYNC_FILE_RANGE.invokeExact(scratch.state, file, 0L, 0L, SYNC_FILE_RANGE_WRITE));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static long length(int file) {
    try {
      Scratch scratch = SCRATCH.get();
      return scratch.result((long) LSEEK.invokeExact(scratch.state, file, 0L, SEEK_END));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int ftruncate(int file, long length) {
    try {
      Scratch scratch = SCRATCH.get();
      return scratch.result((int) FTRUNCATE.invokeExact(scratch.state, file, length));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int rename(String from, String to) {
    try (Arena arena = Arena.ofConfined()) {
      Scratch scratch = SCRATCH.get();
      MemorySegment source = arena.allocateFrom(from);
      MemorySegment target = arena.allocateFrom(to);
      return scratch.result((int) RENAME.invokeExact(scratch.state, source, target));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int unlink(String path) {
    try (Arena arena = Arena.ofConfined()) {
      Scratch scratch = SCRATCH.get();
      MemorySegment name = arena.allocateFrom(path);
      return scratch.result((int) UNLINK.invokeExact(scratch.state, name));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int mkdir(String path) {
    try (Arena arena = Arena.ofConfined()) {
      Scratch scratch = SCRATCH.get();
      MemorySegment name = arena.allocateFrom(path);
      return scratch.result((int) MKDIR.invokeExact(scratch.state, name, DIRECTORY_MODE));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Takes an exclusive lock; {@link #EAGAIN} if another descriptor has it. */
  static int lock(int file) {
    try {
      Scratch scratch = SCRATCH.get();
      return scratch.result((int) FLOCK.invokeExact(scratch.state, file, LOCK_EX_NB));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  private static int call(MethodHandle function, int file) {
    try {
      Scratch scratch = SCRATCH.get();
      return scratch.result((int) function.invokeExact(scratch.state, file));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  private static FunctionDescriptor descriptor(MemoryLayout argument) {
    return FunctionDescriptor.of(JAVA_INT, argument);
  }

  @SuppressWarnings("restricted") // The signatures are those of the C library.
  private static MethodHandle function(
      String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup symbols = linker.defaultLookup();
    return linker.downcallHandle(symbols.findOrThrow(name), type, options);
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    return function(name, type, Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle function(String name, int firstVariadic, FunctionDescriptor type) {
    return function(
        name,
        type,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(firstVariadic));
  }

  private static AssertionError impossible(Throwable e) {
    return new AssertionError("a call of the C library has the wrong type", e);
  }
}
