/**
 * Backups of file systems in a folder of ordinary files. May use {@code fs} and {@code base}.
 *
 * <p><b>What is in the folder.</b> Each backup is a folder named by its id, with
 *
 * <pre>
 * manifest   every inode with where its contents are, then every name; its last bytes are a
 *            checksum of all before
 * pack-N     contents that no earlier backup of the file system has, one after the other
 * label      what was backed up and when, as text
 * </pre>
 *
 * Backups of a whole server lie in {@code servers}, a folder each: a {@code label} that names the
 * backup of each file system, and {@code entries}, sealed, of all else that the server keeps.
 *
 * <p>A backup is incremental: parts of files that its predecessor has are referred to, in whose
 * pack they lie, and inodes whose change attribute is still the same are not read at all. So a
 * backup costs a walk over the metadata and the reading of changed files; nothing is kept for it
 * while the file system is used. Each part carries its SHA-256, which restoring and verifying
 * check.
 *
 * <p><b>Crashes.</b> A backup is written into a folder whose name ends in {@code .part}, synced,
 * and then renamed: what has its final name is complete. A pack goes when no manifest that is left
 * refers to it.
 */
@NullMarked
package tidefs.backup;

import org.jspecify.annotations.NullMarked;
