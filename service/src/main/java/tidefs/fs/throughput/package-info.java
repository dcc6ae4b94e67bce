/**
 * How fast a file system may go: throughput modes, burst credits, limits of clients and operations,
 * and who waits when they are reached. Arithmetic: the time is an argument, and whoever waits is
 * told by a callback.
 *
 * <p>It may use {@code base} alone.
 */
@NullMarked
package tidefs.fs.throughput;

import org.jspecify.annotations.NullMarked;
