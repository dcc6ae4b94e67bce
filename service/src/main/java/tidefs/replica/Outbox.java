package tidefs.replica;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import tidefs.fs.Node;

/** Messages that are gathered, and sent when they are enough. */
final class Outbox {
  private final Link link;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private long sentBytes;

  Outbox(Link link, byte[] round) throws IOException {
    this.link = link;
    this.round = round;
    out.write(round);
  }

  private final byte[] round;

  Outbox kind(byte kind) throws IOException {
    if (bytes.size() > Limits.GATHERED_BYTES) {
      flush();
    }
    out.writeByte(kind);
    return this;
  }

  Outbox number(long number) throws IOException {
    out.writeLong(number);
    return this;
  }

  Outbox count(int count) throws IOException {
    out.writeInt(count);
    return this;
  }

  Outbox bytes(byte[] value) throws IOException {
    out.writeInt(value.length);
    out.write(value);
    return this;
  }

  Outbox bytes(ByteBuffer value) throws IOException {
    byte[] copy = new byte[value.remaining()];
    value.duplicate().get(copy);
    return bytes(copy);
  }

  Outbox node(Node node) throws IOException {
    return bytes(node.encode());
  }

  /** Sends what there is. */
  void flush() throws IOException {
    if (bytes.size() > round.length) {
      byte[] body = bytes.toByteArray();
      bytes.reset();
      out.write(round);
      answers.write(link.call(body));
      sentBytes += body.length;
    }
  }

  /** Sends what there is, and takes all answers so far. */
  byte[] answers() throws IOException {
    flush();
    byte[] all = answers.toByteArray();
    answers.reset();
    return all;
  }

  long sentBytes() {
    return sentBytes + bytes.size();
  }
}
