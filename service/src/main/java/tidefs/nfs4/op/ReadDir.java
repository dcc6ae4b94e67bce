package tidefs.nfs4.op;

import tidefs.xdr.Bitmap;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * READDIR (RFC 8881 §18.23): lists entries of the current directory.
 *
 * @param cookie where to go on, 0 for the start; 1 and 2 are never sent
 * @param cookieVerifier what came with the cookie
 * @param directoryBytes a hint: how many bytes of names and cookies are wanted, unsigned; 0 for any
 * @param maxBytes the most bytes of the READDIR4resok, unsigned
 */
public record ReadDir(
    long cookie, long cookieVerifier, int directoryBytes, int maxBytes, Bitmap requested)
    implements Op {
  public static final int CODE = 26;

  static ReadDir decode(XdrReader in) throws XdrException {
    return new ReadDir(in.int64(), in.int64(), in.int32(), in.int32(), in.bitmap());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** READDIR4resok, written entry by entry until it is full. */
  public static final class Entries {
    /** What follows the last entry: no more entries, and whether the directory ends. */
    private static final int END_BYTES = 2 * Integer.BYTES;

    private static final int COOKIE_AND_LENGTH_BYTES = Long.BYTES + Integer.BYTES;

    private final XdrWriter out;
    private final Bitmap requested;
    private final long endPosition;
    private final long directoryBytes;
    private long usedDirectoryBytes;
    private int count;

    /**
     * Begins the reply with status OK.
     *
     * @param out the reply, just behind the number of the operation
     * @param maxBytes the most bytes of the READDIR4resok: the call's or less
     */
    public Entries(ReadDir call, long cookieVerifier, int maxBytes, XdrWriter out) {
      this.out = out;
      requested = call.requested;
      directoryBytes = Integer.toUnsignedLong(call.directoryBytes);
      out.int32(Status.OK.code());
      endPosition = out.position() + Integer.toUnsignedLong(maxBytes) - END_BYTES;
      out.int64(cookieVerifier);
    }

    /**
     * Adds an entry, or leaves it if it does not fit.
     *
     * @return whether it fitted; if the very first did not, the operation is TOOSMALL
     */
    public boolean add(long cookie, Opaque name, AttributeSource source) {
      int from = out.position();
      int nameBytes = COOKIE_AND_LENGTH_BYTES + ((name.length() + 3) & ~3);
      boolean wanted =
          count == 0 || directoryBytes == 0 || usedDirectoryBytes + nameBytes <= directoryBytes;
      if (!wanted || from + Integer.BYTES + nameBytes > endPosition) {
        return false;
      }
      out.bool(true);
      out.int64(cookie);
      out.opaque(name);
      Attributes.encode(requested, source, out);
      if (out.position() > endPosition) {
        out.truncate(from);
        return false;
      }
      usedDirectoryBytes += nameBytes;
      count++;
      return true;
    }

    /** How many entries were added. */
    public int count() {
      return count;
    }

    /** Ends the reply. */
    public void end(boolean eof) {
      out.bool(false);
      out.bool(eof);
    }
  }
}
