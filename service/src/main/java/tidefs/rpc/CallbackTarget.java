package tidefs.rpc;

import java.time.Duration;

/**
 * What a call of the server to its client is addressed to.
 *
 * @param credentials whom the server claims to be
 * @param limit how long the reply may take
 */
public record CallbackTarget(
    int program, int version, int procedure, Credentials credentials, Duration limit) {}
