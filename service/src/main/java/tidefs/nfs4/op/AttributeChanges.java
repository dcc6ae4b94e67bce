package tidefs.nfs4.op;

import tidefs.xdr.Bitmap;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/**
 * The fattr4 of SETATTR, CREATE and OPEN, decoded: what is to be set. A value counts only if its
 * attribute is in {@code given}.
 *
 * @param verdict OK; ATTRNOTSUPP if an attribute is asked for that nobody can set here; INVAL if a
 *     read-only attribute or a value out of range is asked for. Unless it is OK, the values may be
 *     missing
 * @param given the attributes to set
 * @param size bytes of the contents; negative if it is over 2^63 - 1
 * @param mode permission bits; of MODE_SET_MASKED, those to set among {@code modeMask}
 * @param modeMask the permission bits that are to change: all, but with MODE_SET_MASKED
 * @param owner the user, as the client wrote it
 * @param ownerGroup the group, as the client wrote it
 */
public record AttributeChanges(
    Status verdict,
    Bitmap given,
    long size,
    int mode,
    int modeMask,
    Opaque owner,
    Opaque ownerGroup,
    SetTime access,
    SetTime modify) {
  /** Permission bits that can be set. */
  public static final int MODE_BITS = 07777;

  private static final int UMASK_BITS = 0777;

  /** Nothing to set. */
  public static final AttributeChanges NONE = bare(Status.OK, Bitmap.EMPTY);

  private static AttributeChanges bare(Status verdict, Bitmap given) {
    return new AttributeChanges(
        verdict,
        given,
        0,
        0,
        MODE_BITS,
        Opaque.EMPTY,
        Opaque.EMPTY,
        SetTime.UNCHANGED,
        SetTime.UNCHANGED);
  }

  static AttributeChanges decode(XdrReader in, int minorVersion) throws XdrException {
    Bitmap given = in.bitmap();
    if (given.isEmpty()) {
      if (in.opaque(Limits.ATTRIBUTES_BYTES).isReadable()) {
        throw new XdrException("attribute values without attributes");
      }
      return NONE;
    }
    Bitmap settable = Attributes.in(minorVersion, Attributes.SETTABLE);
    Bitmap others = given.minus(settable);
    XdrReader values = new XdrReader(in.opaque(Limits.ATTRIBUTES_BYTES));
    if (others.isEmpty()) {
      return decodeValues(given, values);
    }
    // How long the values of the others are is not known here: the operation fails in any case.
    return bare(
        others.minus(Attributes.in(minorVersion, Attributes.READABLE)).isEmpty()
            ? Status.INVAL
            : Status.ATTRNOTSUPP,
        given);
  }

  private static AttributeChanges decodeValues(Bitmap given, XdrReader in) throws XdrException {
    long size = given.has(Attribute.SIZE) ? in.int64() : 0;
    int mode = given.has(Attribute.MODE) ? in.int32() : 0;
    int modeMask = MODE_BITS;
    Opaque owner = given.has(Attribute.OWNER) ? in.bytes(Limits.OPAQUE_BYTES) : Opaque.EMPTY;
    Opaque ownerGroup =
        given.has(Attribute.OWNER_GROUP) ? in.bytes(Limits.OPAQUE_BYTES) : Opaque.EMPTY;
    SetTime access = given.has(Attribute.TIME_ACCESS_SET) ? SetTime.decode(in) : SetTime.UNCHANGED;
    SetTime modify = given.has(Attribute.TIME_MODIFY_SET) ? SetTime.decode(in) : SetTime.UNCHANGED;
    boolean valid = access.isValid() && modify.isValid();
    if (given.has(Attribute.MODE_SET_MASKED)) {
      mode = in.int32();
      modeMask = in.int32();
      valid &=
          !given.has(Attribute.MODE) && (mode & ~modeMask) == 0 && (modeMask & ~MODE_BITS) == 0;
    }
    if (given.has(Attribute.MODE_UMASK)) {
      int wanted = in.int32();
      int umask = in.int32();
      valid &= !hasMode(given.without(Attribute.MODE_UMASK));
      valid &= ((wanted & ~MODE_BITS) | (umask & ~UMASK_BITS)) == 0;
      mode = wanted & ~umask;
    }
    if (in.remaining() != 0) {
      throw new XdrException("more attribute values than attributes");
    }
    Status verdict = valid ? Status.OK : Status.INVAL;
    return new AttributeChanges(
        verdict, given, size, mode, modeMask, owner, ownerGroup, access, modify);
  }

  /** Whether {@code attribute} is to be set. */
  public boolean has(int attribute) {
    return given.has(attribute);
  }

  /** Whether the permission bits are to be set, one way or the other. */
  public boolean hasMode() {
    return hasMode(given);
  }

  private static boolean hasMode(Bitmap given) {
    return given.has(Attribute.MODE)
        || given.has(Attribute.MODE_SET_MASKED)
        || given.has(Attribute.MODE_UMASK);
  }

  /** The permission bits of a file that has {@code before}, once this is done. */
  public int modeAfter(int before) {
    return hasMode() ? (before & ~modeMask) | (mode & modeMask) : before;
  }

  /**
   * The user or group id that {@code owner} spells in decimal digits, or -1 if it is no unsigned
   * 32-bit number (RFC 8881 §5.9 allows ids to travel as numbers).
   */
  public static long numericId(Opaque owner) {
    int length = owner.length();
    if (length == 0 || length > 10 || (length > 1 && owner.at(0) == '0')) {
      return -1;
    }
    long id = 0;
    for (int index = 0; index < length; index++) {
      int digit = owner.at(index) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      id = id * 10 + digit;
    }
    return id <= 0xffff_ffffL ? id : -1;
  }
}
