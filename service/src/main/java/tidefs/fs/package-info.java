/**
 * The file system: inodes, directories, file contents, rename, permissions, metering, limits and
 * their check ({@code fsck}).
 *
 * <p>It stands on {@code store} and {@code base}. It knows no protocol, no Netty and no wall clock
 * of its own.
 */
@NullMarked
package tidefs.fs;

import org.jspecify.annotations.NullMarked;
