package tidefs.nfs4.op;

import java.util.List;
import tidefs.xdr.XdrWriter;

/**
 * SECINFO4resok (RFC 8881 §18.29), the reply of SECINFO and SECINFO_NO_NAME: what security the
 * client may use, the best first. Flavors without parameters only, as AUTH_NONE and AUTH_SYS.
 */
public record SecurityFlavors(List<Integer> flavors) implements Reply {
  /** No credentials. */
  public static final int AUTH_NONE = 0;

  /** User and group ids as the client says them. */
  public static final int AUTH_SYS = 1;

  /** Copies {@code flavors}. */
  public SecurityFlavors {
    flavors = List.copyOf(flavors);
  }

  @Override
  public void encodeBody(XdrWriter out) {
    out.int32(flavors.size());
    for (int flavor : flavors) {
      out.int32(flavor);
    }
  }
}
