/**
 * As much of STS (2011-06-15, the query protocol) as clients of EFS need: who a caller is, and
 * sessions of roles. It may use {@code control}, {@code iam} and {@code api}.
 */
@NullMarked
package tidefs.api.sts;

import org.jspecify.annotations.NullMarked;
