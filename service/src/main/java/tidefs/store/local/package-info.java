/**
 * Drivers for one machine: a journal in segment files, chunks in plain files (in one place or in
 * several), a lease that is a file lock. They need nothing but a directory.
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
 *
 * <h2>Chunks in several places</h2>
 *
 * <p>{@link tidefs.store.local.MirroredChunkStore} keeps the chunks of a file system in several
 * places: changes go to all that are there, reads to the first that has everything. What is
 * acknowledged as durable is so in every place that is whole. The rules:
 *
 * <ul>
 *   <li><b>One truth about places.</b> A record beside the metadata, without which nothing can be
 *       opened anyway, tells which places are whole. A place that fails a call is recorded as
 *       behind, durably, before that call is answered; so no answer ever rests upon the others
 *       alone while the record says otherwise, and a place that comes back after a crash cannot
 *       pass for whole. The last whole place is never given up: its faults are the caller's.
 *   <li><b>Intents.</b> Before anything is changed in one of the 65,536 buckets, its bit is set
 *       durably, as in the bitmap of a RAID. It is taken back when the bucket has rested for half a
 *       minute, is durable everywhere, and every place is whole. So the bits cover both what a
 *       place has missed and what a crash may have left different; after either, only these buckets
 *       are compared. Files made together share a bucket, so a bit is seldom new.
 *   <li><b>After a crash</b> places may differ in what nobody was told is durable. The first whole
 *       one is right, and the others are behind until they are as it is and both are durable: bytes
 *       that were read once do not change back when another place answers. If the first one fails
 *       before that, reads fail.
 *   <li><b>Order.</b> {@link tidefs.store.RangeTurns} lets overlapping changes happen in the same
 *       order everywhere, keeps readers from seeing a change before it is in all places, and chunks
 *       still while they are copied. A place that catches up takes all changes from the beginning,
 *       so a chunk need be copied but once.
 *   <li><b>A change that fails everywhere</b>, as on full disks, may have left different bytes, of
 *       which the caller was told nothing: its bucket is copied from the first place soon.
 *   <li><b>Which place is which</b> is told by a mark in it: a disk that is not mounted looks like
 *       an empty folder, and must not become one that is whole.
 * </ul>
 *
 * <p>Not covered: a place that hangs instead of failing lets everybody wait; and chunks carry no
 * checksums in Standard, so if copies differ without a cause none can be said to be right. That is
 * reported, and left.
 */
@NullMarked
package tidefs.store.local;

import org.jspecify.annotations.NullMarked;
