package tidefs.nfs4.state;

/**
 * Whom the RPC credentials name: who established a client may change it.
 *
 * @param flavour the RPC security flavour
 * @param uid the user, unsigned; 0 if the flavour has none
 */
public record Principal(int flavour, int uid) {}
