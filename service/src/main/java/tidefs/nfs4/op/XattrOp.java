package tidefs.nfs4.op;

/** An operation on extended attributes (RFC 8276). */
public sealed interface XattrOp extends Op permits GetXattr, ListXattrs, RemoveXattr, SetXattr {}
