/**
 * NFSv4 on the wire and nothing else (RFC 7530, 8881, 7862, 8276): a record for every operation,
 * with its reply, statuses, attributes and the small types they are made of. It uses {@code xdr}
 * and knows neither what an operation does nor where a file lies.
 *
 * <p>A server decodes arguments and encodes results, so that is all there is here. The operations
 * of a COMPOUND are decoded one by one as they are performed ({@link tidefs.nfs4.op.Op#decode}):
 * what is malformed late does not undo what came before. Buffers in decoded records are slices of
 * the received message, valid as long as it is.
 */
@NullMarked
package tidefs.nfs4.op;

import org.jspecify.annotations.NullMarked;
