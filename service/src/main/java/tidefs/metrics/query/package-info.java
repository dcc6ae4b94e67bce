/**
 * Questions to the archive: statistics, and metric math ("Using math expressions with CloudWatch
 * metrics").
 *
 * <p>It may use {@code metrics} and {@code base}.
 */
@NullMarked
package tidefs.metrics.query;

import org.jspecify.annotations.NullMarked;
