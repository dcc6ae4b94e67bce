/**
 * Objects in buckets of an S3-compatible store: a place for cold storage classes.
 *
 * <p>It stands on {@code store} and {@code base}, and on the JDK's HTTP client; the few requests it
 * makes are signed here.
 */
@NullMarked
package tidefs.store.s3;

import org.jspecify.annotations.NullMarked;
