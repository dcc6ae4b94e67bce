package tidefs.replica;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import tidefs.fs.ContentSink;
import tidefs.fs.Importer;
import tidefs.fs.Node;

/** Sends the contents of one file. */
final class FileSink implements ContentSink {
  private final Outbox out;
  private final boolean differs;
  private final List<Part> parts = new ArrayList<>();
  private boolean compares;
  private long ino;

  private record Part(long offset, byte[] bytes) {}

  /** A sink; {@code differs} if the destination has another version of the file. */
  FileSink(Outbox out, boolean differs) {
    this.out = out;
    this.differs = differs;
  }

  @Override
  public void begin(Node file) {
    parts.clear();
    ino = file.ino();
    compares = differs && file.attributes().size() >= Limits.COMPARED_FILE_BYTES;
    try {
      out.kind(Message.FILE).node(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void data(long offset, ByteBuffer bytes) {
    try {
      if (!compares) {
        out.kind(Message.DATA).number(ino).number(offset).bytes(bytes);
        return;
      }
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      parts.add(new Part(offset, copy));
      if (parts.size() == Limits.COMPARED_PARTS) {
        compare();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compare() throws IOException {
    if (parts.isEmpty()) {
      return;
    }
    out.answers();
    out.kind(Message.DIGESTS).number(ino).count(parts.size());
    for (Part part : parts) {
      out.number(part.offset()).count(part.bytes().length);
      out.bytes(Importer.digest(ByteBuffer.wrap(part.bytes())));
    }
    byte[] same = out.answers();
    if (same.length != parts.size()) {
      throw new IOException("the destination did not compare every part");
    }
    for (int i = 0; i < same.length; i++) {
      Part part = parts.get(i);
      if (same[i] == 1) {
        out.kind(Message.KEEP).number(ino).number(part.offset()).count(part.bytes().length);
      } else {
        out.kind(Message.DATA).number(ino).number(part.offset()).bytes(part.bytes());
      }
    }
    parts.clear();
  }

  void end(Node file) throws IOException {
    compare();
    out.kind(Message.END_FILE).node(file);
  }
}
