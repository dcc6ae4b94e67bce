package tidefs.fs;

import java.nio.ByteBuffer;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.StoreFault;

/** Inodes as they are stored. The first byte is the format. */
final class InodeCodec {
  private static final byte FORMAT = 1;
  private static final byte WITH_XATTRS = 2;
  private static final byte WITH_TIER = 3;
  private static final int COMMON_BYTES = 2 + 2 + 4 + 4 + 4 + 8 + 8 + 8 + 4 * 12;
  private static final int INLINE = 1;
  private static final int SPARSE = 2;
  private static final int RETURNING = 1;
  private static final int MIXED = 2;
  private static final int TIER_BYTES = 2 + 5 * Integer.BYTES;

  private InodeCodec() {}

  static byte[] encode(InodeState state) {
    Attributes a = state.attributes();
    Tier tier = state.layout().tier();
    boolean tiered = !tier.equals(Tier.NONE);
    boolean plain = state.xattrBytes() == 0 && !tiered;
    int head = (plain ? 0 : Integer.BYTES) + (tiered ? TIER_BYTES : 0);
    ByteBuffer out = ByteBuffer.allocate(COMMON_BYTES + extraBytes(state) + head);
    out.put(plain ? FORMAT : tiered ? WITH_TIER : WITH_XATTRS);
    if (!plain) {
      out.putInt(state.xattrBytes());
    }
    if (tiered) {
      put(out, tier);
    }
    out.put(TypeCode.of(a.type())).putShort((short) a.mode());
    out.putInt(a.uid()).putInt(a.gid()).putInt(a.links());
    out.putLong(a.size()).putLong(a.spaceUsed()).putLong(a.change());
    put(out, a.accessed());
    put(out, a.modified());
    put(out, a.changed());
    put(out, a.created());
    switch (a.type()) {
      case DIRECTORY ->
          out.putLong(state.parent()).putLong(state.entries()).putLong(state.entryBytes());
      case SYMLINK -> out.put(state.data());
      case REGULAR -> {
        FileLayout layout = state.layout();
        out.put((byte) ((layout.inline() ? INLINE : 0) | (layout.sparse() ? SPARSE : 0)));
        out.putInt(layout.generation()).putLong(layout.grant()).putLong(state.verifier());
        out.putInt(layout.denseChunks()).putLong(layout.blocks()).put(state.data());
      }
      case BLOCK, CHARACTER -> out.putInt(a.device().major()).putInt(a.device().minor());
      case FIFO, SOCKET -> {}
    }
    return out.array();
  }

  static InodeState decode(long ino, byte[] bytes, long sequence) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte format = bytes.length < COMMON_BYTES ? 0 : in.get();
    return switch (format) {
      case FORMAT -> decode(ino, in, sequence);
      case WITH_XATTRS -> {
        int xattrBytes = in.getInt();
        yield decode(ino, in, sequence).withXattrBytes(xattrBytes);
      }
      case WITH_TIER -> {
        int xattrBytes = in.getInt();
        Tier tier = tier(in);
        yield decode(ino, in, sequence).withXattrBytes(xattrBytes).withTier(tier);
      }
      default -> throw new StoreFault("an inode has a format that is not known");
    };
  }

  private static InodeState decode(long ino, ByteBuffer in, long sequence) {
    FileType type = TypeCode.type(in.get());
    Attributes attributes =
        new Attributes(
            ino,
            type,
            in.getShort() & 07777,
            in.getInt(),
            in.getInt(),
            in.getInt(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            time(in),
            time(in),
            time(in),
            time(in),
            device(type, in));
    return switch (type) {
      case DIRECTORY ->
          new InodeState(
              attributes,
              in.getLong(),
              in.getLong(),
              in.getLong(),
              FileLayout.NONE,
              InodeState.NO_DATA,
              0,
              sequence);
      case SYMLINK -> plain(attributes, FileLayout.NONE, rest(in), 0, sequence);
      case REGULAR -> {
        int flags = in.get();
        int generation = in.getInt();
        long grant = in.getLong();
        long verifier = in.getLong();
        FileLayout layout =
            new FileLayout(
                (flags & INLINE) != 0,
                generation,
                grant,
                (flags & SPARSE) != 0,
                in.getInt(),
                in.getLong(),
                Tier.NONE);
        yield plain(attributes, layout, rest(in), verifier, sequence);
      }
      case FIFO, SOCKET, BLOCK, CHARACTER ->
          plain(attributes, FileLayout.NONE, InodeState.NO_DATA, 0, sequence);
    };
  }

  private static InodeState plain(
      Attributes attributes, FileLayout layout, byte[] data, long verifier, long sequence) {
    return new InodeState(attributes, 0, 0, 0, layout, data, verifier, sequence);
  }

  private static int extraBytes(InodeState state) {
    return switch (state.type()) {
      case DIRECTORY -> 3 * Long.BYTES;
      case SYMLINK -> state.data().length;
      case REGULAR -> 1 + 4 + 8 + 8 + 4 + 8 + state.data().length;
      case BLOCK, CHARACTER -> 2 * Integer.BYTES;
      case FIFO, SOCKET -> 0;
    };
  }

  private static void put(ByteBuffer out, Tier tier) {
    int flags = (tier.returning() ? RETURNING : 0) | (tier.mixed() ? MIXED : 0);
    out.put((byte) tier.storageClass().code()).put((byte) flags);
    out.putInt(tier.hot()).putInt(tier.cold()).putInt(tier.end()).putInt(tier.warm());
    out.putInt(tier.accessHour());
  }

  private static Tier tier(ByteBuffer in) {
    StorageClass storageClass = storageClass(in.get());
    int flags = in.get();
    return new Tier(
        storageClass,
        (flags & RETURNING) != 0,
        (flags & MIXED) != 0,
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt());
  }

  private static StorageClass storageClass(int code) {
    try {
      return StorageClass.of(code);
    } catch (IllegalArgumentException e) {
      throw new StoreFault("an inode is in a storage class that is not known", e);
    }
  }

  private static void put(ByteBuffer out, Time time) {
    out.putLong(time.seconds()).putInt(time.nanos());
  }

  private static Time time(ByteBuffer in) {
    return new Time(in.getLong(), in.getInt());
  }

  private static Device device(FileType type, ByteBuffer in) {
    return type.isDevice() ? new Device(in.getInt(), in.getInt()) : Device.NONE;
  }

  private static byte[] rest(ByteBuffer in) {
    if (!in.hasRemaining()) {
      return InodeState.NO_DATA;
    }
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return bytes;
  }
}
