/**
 * Makes one file system follow another: the source sends what has changed since the last round, the
 * destination applies it and stays readable. May use {@code fs} and {@code base}; how messages
 * travel is the caller's.
 *
 * <p><b>Rounds.</b> A round takes a snapshot of the source and brings the destination to it: names
 * and attributes are those of that instant when the round has ended, each file's contents those of
 * one instant, not before it (see {@link tidefs.fs.Snapshot}). The first round compares everything;
 * the others send what {@link tidefs.fs.ChangeIndex} has marked. Marks go when the round has ended,
 * not before: a round that is cut off, on either side and wherever, is followed by one that sends
 * all of it again, and every step may be repeated. Within a round the destination is a whole file
 * system after every step, but between two instants.
 *
 * <p><b>Contents.</b> The destination says which files it has as they are, by their change
 * attributes, which copies keep. Of large files that it has in another version, parts whose digests
 * are equal are not sent.
 *
 * <p><b>Both directions.</b> Inodes have the same numbers on both sides, and a destination that
 * becomes a file system of its own makes new ones far beyond. So when it later is the source of its
 * old source, what both still have in common is not sent again.
 */
@NullMarked
package tidefs.replica;

import org.jspecify.annotations.NullMarked;
