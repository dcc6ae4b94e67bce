/**
 * Requests and replies as trees of typed values, and the protocols that carry them: AWS Query, AWS
 * JSON 1.0 and Smithy RPC v2 CBOR. An operation is written once, over trees; a protocol knows no
 * operation.
 *
 * <p>It may use {@code api} and {@code base}, and Jackson.
 */
@NullMarked
package tidefs.api.wire;

import org.jspecify.annotations.NullMarked;
