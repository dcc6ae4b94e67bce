/**
 * HTTP for the AWS interfaces: one port, on which the service that a request was signed for decides
 * who answers it. Subpackages hold one service each, with one file per operation.
 *
 * <p>It may use {@code control}, {@code iam}, {@code metrics} and {@code base}, Jetty and Jackson;
 * it knows neither {@code store} nor {@code fs} nor {@code nfs4}.
 */
@NullMarked
package tidefs.api;

import org.jspecify.annotations.NullMarked;
