package tidefs.nfs4.op;

import java.util.ArrayList;
import java.util.List;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** A callback_sec_parms4 (RFC 8881 §18.33): how callbacks may authenticate themselves. */
public sealed interface CallbackSecurity {
  /** AUTH_NONE. */
  record None() implements CallbackSecurity {
    static final None INSTANCE = new None();
  }

  /** AUTH_SYS, with the credentials to use. */
  record Sys(int stamp, Opaque machine, int user, int group, List<Integer> groups)
      implements CallbackSecurity {}

  /** RPCSEC_GSS: a gss_cb_handles4. */
  record Gss(int service, Opaque handleFromServer, Opaque handleFromClient)
      implements CallbackSecurity {}

  static CallbackSecurity decode(XdrReader in) throws XdrException {
    return switch (in.int32()) {
      case 0 -> None.INSTANCE;
      case 1 ->
          new Sys(
              in.int32(), in.bytes(Limits.NAME_BYTES), in.int32(), in.int32(), decodeGroups(in));
      case 6 ->
          new Gss(in.int32In(1, 3), in.bytes(Limits.REFUSED_BYTES), in.bytes(Limits.REFUSED_BYTES));
      default -> throw new XdrException("no such security flavor for callbacks");
    };
  }

  static List<CallbackSecurity> decodeAll(XdrReader in) throws XdrException {
    int count = in.count(Limits.CALLBACK_SECURITY_KINDS, Integer.BYTES);
    var all = new ArrayList<CallbackSecurity>(count);
    for (int i = 0; i < count; i++) {
      all.add(decode(in));
    }
    return all;
  }

  private static List<Integer> decodeGroups(XdrReader in) throws XdrException {
    int count = in.count(Limits.AUTH_SYS_GROUPS, Integer.BYTES);
    var groups = new ArrayList<Integer>(count);
    for (int i = 0; i < count; i++) {
      groups.add(in.int32());
    }
    return groups;
  }
}
