package tidefs.bench;

import org.jspecify.annotations.Nullable;

/** One phase on the names of a directory, name after name. */
final class NameTask implements Task {
  /** What is done with each name. */
  enum Phase {
    CREATE("create+write4k+close"),
    LOOK_UP("lookup+getattr"),
    READ("open+read4k+close"),
    RENAME("rename"),
    UNLINK("unlink");

    private final String title;

    Phase(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  private static final int BYTES = 4_096;
  private static final byte[] PAYLOAD = new byte[BYTES];

  private final Session session;
  private final byte[] directory;
  private final Load load;
  private final Phase phase;
  private final @Nullable Reply[] opened;
  private final boolean[] moved;
  private int next;

  NameTask(Session session, byte[] directory, Load load, Phase phase) {
    this.session = session;
    this.directory = directory;
    this.load = load;
    this.phase = phase;
    opened = new Reply[load.depth()];
    moved = new boolean[load.depth()];
  }

  @Override
  public boolean begin(int slot) {
    if (next == load.files()) {
      return false;
    }
    String name = "f" + next;
    String other = "r" + next++;
    switch (phase) {
      case CREATE -> open(slot, name, true);
      case READ -> open(slot, name, false);
      case LOOK_UP -> session.begin(slot, 4).putFh(directory).lookup(name).getFh().getAttr();
      case RENAME ->
          session
              .begin(slot, 4)
              .putFh(directory)
              .int32(Code.SAVEFH)
              .putFh(directory)
              .int32(Code.RENAME)
              .text(name)
              .text(other);
      case UNLINK -> session.begin(slot, 2).putFh(directory).int32(Code.REMOVE).text(other);
    }
    return true;
  }

  private void open(int slot, String name, boolean create) {
    moved[slot] = false;
    opened[slot] = null;
    int access = create ? Code.SHARE_BOTH : Code.SHARE_READ;
    session
        .begin(slot, 4)
        .putFh(directory)
        .open(session.client, "owner" + slot, name, create, access)
        .getFh()
        .getAttr();
  }

  @Override
  public boolean answered(Reply reply) {
    if (reply.status != Code.OK || (phase != Phase.CREATE && phase != Phase.READ)) {
      return true;
    }
    int slot = reply.slot;
    Reply file = opened[slot];
    if (file == null) {
      opened[slot] = reply;
      Message message = session.begin(slot, 2).putFh(reply.handle);
      if (phase == Phase.CREATE) {
        message.int32(Code.WRITE).fixed(reply.stateId).int64(0).int32(load.stable());
        message.opaque(PAYLOAD);
      } else {
        message.int32(Code.READ).fixed(reply.stateId).int64(0).int32(BYTES);
      }
      return false;
    }
    if (!moved[slot]) {
      moved[slot] = true;
      session.begin(slot, 2).putFh(file.handle).int32(Code.CLOSE).int32(0).fixed(file.stateId);
      return false;
    }
    return true;
  }
}
