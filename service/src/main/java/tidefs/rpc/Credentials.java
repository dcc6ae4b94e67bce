package tidefs.rpc;

/**
 * Whom a call claims to come from (RFC 5531 §8.2). Immutable. Calls of one connection whose
 * credentials are equal byte for byte in succession share one instance, so a program may keep what
 * it derived from them by identity.
 */
public sealed interface Credentials permits AuthNone, AuthSys {}
