package tidefs.nfs4.state;

import tidefs.xdr.Opaque;

/**
 * The name that a client chose for itself, within the minor version that it speaks.
 *
 * @param minorVersion 0 or 1: the two do not share clients
 * @param owner co_ownerid of EXCHANGE_ID, id of SETCLIENTID
 */
public record ClientName(int minorVersion, Opaque owner) {}
