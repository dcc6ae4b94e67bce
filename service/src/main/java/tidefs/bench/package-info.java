/**
 * A load generator that speaks NFSv4.1 itself: compounds of the Linux client, many in flight on
 * each of some connections, data verified, latencies in histograms.
 *
 * <p>It uses {@code base} and what the command line is made of; it knows nothing of the server.
 */
@NullMarked
package tidefs.bench;

import org.jspecify.annotations.NullMarked;
