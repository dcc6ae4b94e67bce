/**
 * Encryption at rest: between a file system and the drivers below it, so that no driver, disk or
 * bucket needs to be trusted with what is in files or what they are called.
 *
 * <p>It uses {@code store} and {@code base}, and the ciphers of the JDK.
 *
 * <h2>Contents: AES-256 in XTS mode</h2>
 *
 * <p>Clients overwrite any bytes of a file in place. A mode that authenticates needs a new nonce
 * for each write and a place for the tag, hence a second write that a loss of power can part from
 * the first: acknowledged bytes would be lost that nobody wrote to. A stream mode without a new
 * nonce tells the difference of old and new bytes. XTS (IEEE 1619) is made for this: as many bytes
 * come out as go in, and each block of 16 bytes is encrypted alone, by its place.
 *
 * <ul>
 *   <li><b>What is torn.</b> A disk writes sectors whole, and a block lies in one sector. So a loss
 *       of power leaves of each block the old or the new one, as without encryption it leaves of
 *       each sector. A write that covers a part of a block reads the rest and writes it again
 *       unchanged: the neighbours of unacknowledged bytes are the same in the old block and in the
 *       new one. The data unit of 4 KiB, in contrast, is never read or written as a whole for the
 *       sake of encryption.
 *   <li><b>What was never written</b> is zeros on the disk: holes, the ends of short chunks, what a
 *       torn extension left. A block of sixteen zeros therefore reads as zeros. That a written
 *       block is encrypted to just that has a chance of 2<sup>-128</sup>.
 *   <li><b>Who may be where.</b> Reading, changing and writing a block must not overlap with
 *       another write to it, and a reader must not see half of a block. {@link
 *       tidefs.store.RangeTurns} keeps them apart by ranges of chunks, without a thread that waits.
 *   <li><b>The place</b> of a block is the chunk's id (inode, generation, index), the unit in it,
 *       and the block in the unit: the number of a unit is AES(id) &oplus; n, so no two units of a
 *       file system share a number. Whoever moves chunks below this seam keeps their ids.
 *   <li><b>What XTS does not do.</b> It does not notice changes: who can write to the disk can turn
 *       a block into noise, zeros or an older version of itself. Who sees the disk twice sees which
 *       blocks have changed; who sees it once sees sizes and holes.
 * </ul>
 *
 * <h2>Metadata: AES-256-GCM</h2>
 *
 * <p>Names, attributes, small files, targets of symbolic links and values of extended attributes
 * are values of records. They are sealed once, when a batch is applied, and go sealed into the
 * journal and the state. The key of a record is authenticated with it: a record that was changed,
 * or put in another's place, is a fault. An old version put back in its own place is not noticed.
 *
 * <p>GCM is lost if a nonce comes twice, and 96 random bits are too few for the 2<sup>32</sup>
 * records that a busy file system writes in a day. Counting on from the last opening is no way
 * either: who goes back to a backup counts the same numbers again. So each opening draws a session
 * of 96 bits and derives a key of its own from it; in a session, nonces are a counter. A nonce
 * comes twice under a key only if two openings draw the same 96 bits.
 *
 * <p>Keys of records stay as they are where they hold numbers and keyed hashes alone, which keeps
 * their order. Names in them (of extended attributes, of clients) are encrypted by a synthetic
 * initialisation vector: HMAC-SHA-256 of the whole key, cut to 128 bits, is the vector of AES-CTR.
 * So equal keys stay equal and can be found, and what is seen is which name is how long.
 *
 * <h2>Keys</h2>
 *
 * <p>A file system has one {@link tidefs.store.crypt.DataKey}, from which HKDF derives a key for
 * each use. It can be given another one, for what is written from then on ({@link
 * tidefs.store.crypt.DataKeys}). No block or record names its key: for a chunk it follows from
 * inode number and generation, neither of which is used twice; for a record it is the one under
 * which the first value of its session is authentic. It is stored wrapped ({@link
 * tidefs.store.crypt.WrappedKey}) by a {@link tidefs.store.crypt.KeyService} under a key that never
 * leaves that service.
 */
@NullMarked
package tidefs.store.crypt;

import org.jspecify.annotations.NullMarked;
