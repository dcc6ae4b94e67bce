package tidefs.nfs4.op;

import tidefs.xdr.Bitmap;
import tidefs.xdr.XdrWriter;

/** The attribute open_arguments (RFC 9754 §3): what OPEN of 4.2 may be asked for. */
final class OpenArguments {
  private static final Bitmap ACCESS = Bitmap.of(1, 2, 3);
  private static final Bitmap DENY = Bitmap.of(0, 1, 2, 3);

  /** Any kind of delegation, none, and the wish taken back. */
  private static final Bitmap WANTS = Bitmap.of(3, 4, 5);

  /** By name, by handle, after a restart, and from a delegation that goes. */
  private static final Bitmap CLAIMS = Bitmap.of(0, 1, 2, 4, 5);

  private static final Bitmap CLAIMS_WITHOUT_DELEGATIONS = Bitmap.of(0, 1, 4);
  private static final Bitmap CREATE_MODES = Bitmap.of(0, 1, 2, 3);

  private OpenArguments() {}

  static void encode(boolean delegates, XdrWriter out) {
    out.bitmap(ACCESS);
    out.bitmap(DENY);
    out.bitmap(delegates ? WANTS : Bitmap.EMPTY);
    out.bitmap(delegates ? CLAIMS : CLAIMS_WITHOUT_DELEGATIONS);
    out.bitmap(CREATE_MODES);
  }
}
