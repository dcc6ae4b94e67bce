/**
 * What is counted and measured: counters that cost next to nothing where they are counted,
 * one-minute points made of them, an archive of points that keeps to the periods of Amazon
 * CloudWatch, and the text that Prometheus reads.
 *
 * <p>It may use {@code base} alone, so that everything else may count.
 */
@NullMarked
package tidefs.metrics;

import org.jspecify.annotations.NullMarked;
