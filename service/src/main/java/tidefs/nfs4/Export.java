package tidefs.nfs4;

import java.util.List;
import java.util.Optional;
import tidefs.fs.Inode;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.StateDomain;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.AuthNone;
import tidefs.rpc.AuthSys;
import tidefs.rpc.Credentials;

/**
 * What a connection sees: a root, as whom its users act, and whether they may change anything.
 *
 * @param domain the NFS server that it talks to: its clients, sessions and stateids
 * @param root where PUTROOTFH leads
 * @param identity as whom the sender of credentials acts
 * @param readOnly changes are answered ROFS
 */
public record Export(StateDomain domain, Root root, Identity identity, boolean readOnly) {
  /** The user and group of those who bring no credentials. */
  public static final int NOBODY = 65_534;

  /** Everyone acts as he says he is; who says nothing is nobody. */
  public static final Identity AS_STATED =
      credentials ->
          switch (credentials) {
            case AuthSys sys -> new tidefs.fs.Credentials(sys.uid(), sys.gid(), sys.gids());
            case AuthNone _ -> new tidefs.fs.Credentials(NOBODY, NOBODY);
          };

  /** A whole file system, as its mount targets show it. */
  public static Export of(Volume volume) {
    return new Export(
        volume.domain(), new Root.Directory(volume, volume.fileSystem().root()), AS_STATED, false);
  }

  /** A root. */
  public sealed interface Root {
    /** A directory of one file system, above which nothing is visible. */
    record Directory(Volume volume, Inode inode) implements Root {}

    /** Nothing: whoever looks for a way in is answered {@code why}. */
    record Closed(Status why) implements Root {}

    /** A made-up directory whose entries are the roots of file systems. */
    record Shared(PseudoRoot pseudoRoot) implements Root {}
  }

  /**
   * As whom the sender of credentials acts: as he says, squashed, or as an access point demands.
   */
  @FunctionalInterface
  public interface Identity {
    /** The user that permission checks are about. */
    tidefs.fs.Credentials of(Credentials credentials);
  }

  /**
   * The file systems of a shared listener. Its methods are called on event loops, and do not wait.
   */
  public interface PseudoRoot {
    /** The file system of this name, if it is served. */
    Optional<Volume> lookup(String name);

    /** The file system of this {@linkplain Volume#number number}, if it is served. */
    Optional<Volume> volume(long number);

    /** All that are served, by name; stable while {@link #change} is. */
    List<Entry> entries();

    /** Grows when a file system comes or goes. */
    long change();

    /** One file system under its name. */
    record Entry(String name, Volume volume) {}
  }
}
