package tidefs.replica;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tidefs.fs.Attributes;
import tidefs.fs.FileSystem;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.Importer;
import tidefs.fs.Node;
import tidefs.fs.Snapshot;

/**
 * The destination's part of replication. Messages of one round come one call after the other; those
 * of a round that another has followed are refused.
 */
public final class Receiver {
  static final int ROUND_BYTES = 16;

  private final Supplier<FileSystem> destination;
  private final Runnable reset;
  private Importer importer;
  private final Set<ByteBuffer> kept = new HashSet<>();
  private byte[] round = {};

  /** Messages were refused; the source begins another round. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * A receiver for the file system that {@code destination} gives.
   *
   * @param reset replaces it by an empty one: it is asked for if it holds what has nothing to do
   *     with the source
   */
  public Receiver(Supplier<FileSystem> destination, Runnable reset) {
    this.destination = destination;
    this.reset = reset;
    importer = destination.get().importer();
  }

  /** Carries messages out and returns the answers; what was done is durable when a round ends. */
  public synchronized byte[] handle(byte[] messages) throws Refused {
    ByteBuffer in = ByteBuffer.wrap(messages);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      byte[] id = new byte[ROUND_BYTES];
      in.get(id);
      while (in.hasRemaining()) {
        byte kind = in.get();
        if (kind != Message.BEGIN && !Arrays.equals(id, round)) {
          throw new Refused("another round has begun, or the destination was started again");
        }
        if (kind == Message.BEGIN) {
          out.write(begin(in) ? Message.ANEW : Message.FOLLOWS);
          round = id;
        } else {
          carryOut(kind, in, out);
        }
      }
      return out.toByteArray();
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new Refused("a message is malformed: " + e.getMessage());
    } catch (FsException e) {
      round = new byte[0];
      throw new Refused("a step was not possible: " + e.errno());
    }
  }

  /** The file system follows no more. */
  public synchronized void release() throws Refused {
    round = new byte[0];
    try {
      destination.get().importer().release();
    } catch (FsException e) {
      throw new Refused("the file system could not be released: " + e.errno());
    }
  }

  /** Begins a round; whether there is nothing here of earlier ones. */
  private boolean begin(ByteBuffer in) throws FsException {
    byte[] family = bytes(in);
    long floor = in.getLong();
    String lostAndFound = new String(bytes(in), StandardCharsets.UTF_8);
    importer = destination.get().importer();
    Optional<byte[]> own = importer.lineage();
    boolean related = own.isPresent() && Arrays.equals(own.get(), family);
    if (!related) {
      if (!importer.isEmpty()) {
        reset.run();
        importer = destination.get().importer();
      }
      importer.lineage(family);
    }
    kept.clear();
    importer.beginRound(floor, lostAndFound);
    return !related;
  }

  private void carryOut(byte kind, ByteBuffer in, ByteArrayOutputStream out)
      throws FsException, Refused {
    switch (kind) {
      case Message.ANNOUNCE -> importer.announce(in.getLong(), bytes(in));
      case Message.NAME -> out.write(importer.name(in.getLong(), bytes(in), node(in)) ? 1 : 0);
      case Message.UNNAME -> importer.unname(in.getLong(), bytes(in));
      case Message.KEEP_NAMES -> keepNames(in);
      case Message.KEEP_ONLY -> {
        importer.keepOnly(in.getLong(), kept);
        kept.clear();
      }
      case Message.END_NAMES -> importer.endNames();
      case Message.OFFER -> out.write(offer(node(in), false));
      case Message.OFFER_CHANGED -> out.write(offer(node(in), true));
      case Message.FILE -> importer.begin(node(in));
      case Message.DIGESTS -> compare(in, out);
      case Message.KEEP -> importer.keep(in.getLong(), in.getLong(), in.getInt());
      case Message.DATA -> data(in);
      case Message.END_FILE -> importer.end(node(in));
      case Message.END -> {
        importer.endRound();
        out.write(1);
      }
      default -> throw new Refused("a message is of a kind that is not known");
    }
  }

  private void keepNames(ByteBuffer in) {
    for (int rest = in.getInt(); rest > 0; rest--) {
      kept.add(ByteBuffer.wrap(bytes(in)));
    }
  }

  private byte offer(Node node, boolean changed) throws FsException, Refused {
    Attributes here =
        importer
            .attributes(node.ino())
            .orElseThrow(() -> new Refused("an inode is offered that has no name here"));
    if (node.type() == FileType.REGULAR) {
      boolean same =
          here.change() == node.attributes().change()
              && here.size() == node.attributes().size()
              && here.modified().equals(node.attributes().modified());
      if (!same || (changed && here.size() > 0)) {
        return here.size() == 0 ? Message.NEEDED : Message.DIFFERS;
      }
    }
    importer.attributes(node);
    return Message.APPLIED;
  }

  private void compare(ByteBuffer in, ByteArrayOutputStream out) throws FsException {
    long ino = in.getLong();
    for (int rest = in.getInt(); rest > 0; rest--) {
      long offset = in.getLong();
      int length = in.getInt();
      byte[] theirs = bytes(in);
      if (length < 0 || length > Snapshot.PART_BYTES) {
        throw new IllegalArgumentException("a part has an impossible length");
      }
      out.write(Arrays.equals(theirs, importer.digest(ino, offset, length)) ? 1 : 0);
    }
  }

  private void data(ByteBuffer in) throws FsException {
    long ino = in.getLong();
    long offset = in.getLong();
    importer.data(ino, offset, ByteBuffer.wrap(bytes(in)));
  }

  private static Node node(ByteBuffer in) {
    return Node.decode(bytes(in));
  }

  private static byte[] bytes(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a part is cut short");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
