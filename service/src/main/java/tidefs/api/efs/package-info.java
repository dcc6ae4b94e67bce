/**
 * The EFS API (2015-02-01, restJson1): one file per operation, each of which reads and checks the
 * request, calls {@code control}, and writes the reply.
 */
@NullMarked
package tidefs.api.efs;

import org.jspecify.annotations.NullMarked;
