/** Backups over HTTP, for the command line: a protocol of our own. As {@code api}. */
@NullMarked
package tidefs.api.backup;

import org.jspecify.annotations.NullMarked;
