package tidefs.bench;

import java.nio.ByteBuffer;

/** What a COMPOUND answered: the status, and of each kind of result the last one. */
final class Reply {
  static final int STATE_ID_BYTES = 16;

  int slot;
  int status;
  byte[] handle = {};
  byte[] stateId = {};
  byte[] session = {};
  long client;
  int sequence;
  int slots;
  long cookie;
  byte[] verifier = new byte[8];
  int entries;
  boolean end;
  int bytes;

  /** The data of a READ, until the next reply is fetched. */
  ByteBuffer data = ByteBuffer.allocate(0);

  private final ByteBuffer in;

  /** Decodes the RPC reply in {@code in}. */
  Reply(ByteBuffer in) {
    this.in = in;
    slot = in.getInt() & Session.SLOT_MASK;
    int kind = in.getInt();
    int denied = in.getInt();
    if (kind != 1 || denied != 0) {
      throw new BenchFailure("the server refused a call");
    }
    skip(Integer.BYTES);
    skipOpaque();
    int accepted = in.getInt();
    if (accepted != 0) {
      throw new BenchFailure("the server did not accept a call: " + accepted);
    }
    status = in.getInt();
    skipOpaque();
    int count = in.getInt();
    for (int i = 0; i < count; i++) {
      int operation = in.getInt();
      if (in.getInt() != Code.OK) {
        return;
      }
      result(operation);
    }
  }

  private void result(int operation) {
    switch (operation) {
      case Code.SEQUENCE -> skip(36);
      case Code.GETFH -> handle = opaque();
      case Code.GETATTR -> {
        skipBitmap();
        skipOpaque();
      }
      case Code.OPEN -> open();
      case Code.CLOSE -> stateId = fixed(STATE_ID_BYTES);
      case Code.CREATE -> {
        skip(20);
        skipBitmap();
      }
      case Code.REMOVE -> skip(20);
      case Code.RENAME -> skip(40);
      case Code.WRITE -> {
        bytes = in.getInt();
        skip(12);
      }
      case Code.COMMIT -> skip(8);
      case Code.READ -> {
        end = in.getInt() != 0;
        bytes = in.getInt();
        data = in.slice(in.position(), bytes);
        skip((bytes + 3) & ~3);
      }
      case Code.READDIR -> list();
      case Code.EXCHANGE_ID -> {
        client = in.getLong();
        sequence = in.getInt();
        in.position(in.limit()); // The rest does not matter, and nothing follows.
      }
      case Code.CREATE_SESSION -> {
        session = fixed(STATE_ID_BYTES);
        skip(8 + 5 * Integer.BYTES);
        slots = in.getInt();
        in.position(in.limit());
      }
      default -> {} // No results.
    }
  }

  private void open() {
    stateId = fixed(STATE_ID_BYTES);
    skip(20 + Integer.BYTES);
    skipBitmap();
    int delegation = in.getInt();
    switch (delegation) {
      case 0 -> {}
      case 3 -> {
        int why = in.getInt();
        if (why == 1 || why == 2) {
          skip(Integer.BYTES);
        }
      }
      default -> throw new BenchFailure("the server gave a delegation that was not wanted");
    }
  }

  private void list() {
    verifier = fixed(8);
    while (in.getInt() != 0) {
      cookie = in.getLong();
      skipOpaque();
      skipBitmap();
      skipOpaque();
      entries++;
    }
    end = in.getInt() != 0;
  }

  private byte[] fixed(int count) {
    byte[] result = new byte[count];
    in.get(result);
    return result;
  }

  private byte[] opaque() {
    int count = in.getInt();
    byte[] result = fixed(count);
    skip(-count & 3);
    return result;
  }

  private void skipOpaque() {
    skip((in.getInt() + 3) & ~3);
  }

  private void skipBitmap() {
    skip(in.getInt() * Integer.BYTES);
  }

  private void skip(int count) {
    in.position(in.position() + count);
  }
}
