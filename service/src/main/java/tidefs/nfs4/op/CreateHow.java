package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** An openflag4 with its createhow4 (RFC 8881 §18.16.1): whether and how OPEN makes the file. */
public sealed interface CreateHow {
  /** OPEN4_NOCREATE: the file must exist. */
  record No() implements CreateHow {
    static final No INSTANCE = new No();
  }

  /** UNCHECKED4: an existing file is opened; of the attributes, only size 0 then counts. */
  record Unchecked(AttributeChanges attributes) implements CreateHow {}

  /** GUARDED4: the file must not exist. */
  record Guarded(AttributeChanges attributes) implements CreateHow {}

  /** EXCLUSIVE4: the file must not exist, unless this verifier made it. */
  record Exclusive(long verifier) implements CreateHow {}

  /** EXCLUSIVE4_1: as EXCLUSIVE4, with attributes; from 4.1 on. */
  record ExclusiveWithAttributes(long verifier, AttributeChanges attributes) implements CreateHow {}

  /** Whether a file may be made. */
  default boolean creates() {
    return !(this instanceof No);
  }

  static CreateHow decode(XdrReader in, int minorVersion) throws XdrException {
    if (in.int32In(0, 1) == 0) {
      return No.INSTANCE;
    }
    return switch (in.int32In(0, minorVersion == 0 ? 2 : 3)) {
      case 0 -> new Unchecked(AttributeChanges.decode(in, minorVersion));
      case 1 -> new Guarded(AttributeChanges.decode(in, minorVersion));
      case 2 -> new Exclusive(in.int64());
      default -> new ExclusiveWithAttributes(in.int64(), AttributeChanges.decode(in, minorVersion));
    };
  }
}
