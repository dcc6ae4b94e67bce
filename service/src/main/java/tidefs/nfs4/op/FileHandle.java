package tidefs.nfs4.op;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * An nfs_fh4 (RFC 8881 §4): the name of a file that the server made and the client repeats. An
 * immutable value of at most {@value Limits#FILE_HANDLE_BYTES} bytes.
 */
public final class FileHandle {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;

  private FileHandle(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The handle of these bytes; the caller hands the array over and never changes it again. */
  public static FileHandle wrap(byte[] bytes) {
    if (bytes.length > Limits.FILE_HANDLE_BYTES) {
      throw new IllegalArgumentException("a file handle is too long");
    }
    return new FileHandle(bytes);
  }

  static FileHandle decode(XdrReader in) throws XdrException {
    return new FileHandle(in.bytes(Limits.FILE_HANDLE_BYTES).array());
  }

  void encode(XdrWriter out) {
    out.opaque(bytes);
  }

  /** How many bytes it has. */
  public int length() {
    return bytes.length;
  }

  /** The byte at {@code index}. */
  public byte byteAt(int index) {
    return bytes[index];
  }

  /** The four bytes at {@code index}, most significant first. */
  public int int32At(int index) {
    return (int) INT.get(bytes, index);
  }

  /** The eight bytes at {@code index}, most significant first. */
  public long int64At(int index) {
    return (long) LONG.get(bytes, index);
  }

  /** The bytes, copied. */
  public byte[] toArray() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileHandle handle && Arrays.equals(bytes, handle.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
