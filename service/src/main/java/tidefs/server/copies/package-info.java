/**
 * Runs copies of file systems: replications, here and to other servers, and backups. Joins {@code
 * replica} and {@code backup} with the resources of {@code control} and the file systems that are
 * open.
 */
@NullMarked
package tidefs.server.copies;

import org.jspecify.annotations.NullMarked;
