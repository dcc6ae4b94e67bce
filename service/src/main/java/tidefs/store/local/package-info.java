/**
 * Drivers for one machine: a journal in segment files, chunks in plain files, a lease that is a
 * file lock. They need nothing but a directory.
 *
 * <p>It uses {@code store} and {@code base}, and the C library through {@link
 * tidefs.store.local.FileIo}.
 *
 * <h2>What a loss of power can do, and what is promised</h2>
 *
 * <p>Until a sync returns, the system may have written any of the sectors written since, in any
 * order, and of each either the old or the new bytes; names likewise, until their directory is
 * synced. After it, all are there. The promise: what was acknowledged is there, whole; what was not
 * is whole or absent (journal), or old or new by sectors (chunks).
 *
 * <h2>The journal</h2>
 *
 * <p>A writer begins a segment of its own, with its epoch and a random number (the salt) in the
 * header; it never writes to a predecessor's. An append is one write and one sync. At most two are
 * under way at a time, in places that were claimed in order, and nobody is told of the second
 * before the first is durable: so <em>at most the last two appends of a journal can be damaged by a
 * loss of power</em>, and only if nobody was told of them. Of those any record can be missing, the
 * first as well as the last, so a bad record with good ones after it is no proof of damage. What is
 * proof: every record says how many before it were not durable when it was written, hence which
 * were. If the records end before one that must have been durable, the journal is damaged and
 * opening it fails; otherwise what is left of the last appends is forgotten. Two that are under way
 * use a descriptor each, for the system reports an error once to each descriptor. Whatever changes
 * the length of a segment, or begins one, waits until nothing is under way.
 *
 * <p>What a replay finds after the end of a segment whose successor exists does not matter: the
 * successor's header says with which record it goes on, and all before it must be there.
 *
 * <p>Bytes that are no record cannot pass for one, though users choose what is in the payloads: the
 * checksum is seeded with the salt, which they do not know. Trimmed segments are used again without
 * being cleared: what they hold has lower sequence numbers or another salt. Damage to the last
 * appends themselves, by a failing disk, looks like a loss of power; nothing stored here can tell.
 *
 * <p>What was replayed is flushed into the state at once (see {@code Recovery}): after a failed
 * sync the system may show bytes that are not on the disk, and nothing may be built upon those.
 *
 * <h2>Chunks</h2>
 *
 * <p>A chunk is a file. Slabs would save a directory entry and a sync for each small chunk; but
 * contents up to some kilobytes live in their inode's record, and files get us the system's page
 * cache and read-ahead, its allocator, {@code sendfile}, holes, repair tools, and no free-space map
 * of our own to keep consistent. 65,536 directories hold 10^8 chunks at some 1,500 each.
 *
 * <p>Syncs are shared by those who ask for the same file or directory at the same time; different
 * ones run in parallel and end up in one commit of the file system's log. After a failed sync
 * nothing is known about the bytes before it, so the store takes no more writes.
 */
@NullMarked
package tidefs.store.local;

import org.jspecify.annotations.NullMarked;
