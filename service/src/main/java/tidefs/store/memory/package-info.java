/**
 * Drivers that keep everything in memory, for tests and trials: nothing survives the process.
 *
 * <p>It uses {@code store} and {@code base}.
 */
@NullMarked
package tidefs.store.memory;

import org.jspecify.annotations.NullMarked;
