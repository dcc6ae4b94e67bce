/**
 * The CloudWatch API: metrics, and alarms on them. One file for each operation.
 *
 * <p>It may use {@code api}, {@code api.wire}, {@code control}, {@code metrics} and {@code base}.
 */
@NullMarked
package tidefs.api.cloudwatch;

import org.jspecify.annotations.NullMarked;
