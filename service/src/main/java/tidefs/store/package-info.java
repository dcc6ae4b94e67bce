/**
 * How bytes become durable: {@link tidefs.store.MetadataStore}, an ordered map with atomic batches
 * over a journal, and the driver interfaces below it ({@link tidefs.store.Journal}, {@link
 * tidefs.store.ShardLease}, {@link tidefs.store.ChunkStore}).
 *
 * <p>It uses {@code base} and RocksDB; it knows none of its drivers and nothing of files.
 */
@NullMarked
package tidefs.store;

import org.jspecify.annotations.NullMarked;
