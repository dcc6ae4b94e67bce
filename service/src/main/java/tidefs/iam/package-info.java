/**
 * Who calls: AWS Signature Version 4 and the principals behind it.
 *
 * <p>It uses {@code base} alone, does no I/O, and takes the time as an argument.
 */
@NullMarked
package tidefs.iam;

import org.jspecify.annotations.NullMarked;
