package tidefs.nfs4.op;

import java.util.List;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** BACKCHANNEL_CTL (RFC 8881 §18.33): changes how callbacks are made. */
public record BackchannelCtl(int callbackProgram, List<CallbackSecurity> security) implements Op {
  public static final int CODE = 40;

  static BackchannelCtl decode(XdrReader in) throws XdrException {
    return new BackchannelCtl(in.int32(), CallbackSecurity.decodeAll(in));
  }

  @Override
  public int code() {
    return CODE;
  }
}
