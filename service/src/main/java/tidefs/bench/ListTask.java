package tidefs.bench;

/** Lists a directory, page after page, some times over. */
final class ListTask implements Task {
  private static final int ROUNDS = 3;
  private static final int NAME_BYTES = 64 << 10;
  private static final int REPLY_BYTES = 120 << 10;

  private final Session session;
  private final byte[] directory;
  private final int expected;
  private long cookie;
  private byte[] verifier = new byte[8];
  private int rounds;
  private long inRound;
  private long entries;
  private long wrong;
  private boolean busy;

  ListTask(Session session, byte[] directory, int expected) {
    this.session = session;
    this.directory = directory;
    this.expected = expected;
  }

  @Override
  public boolean begin(int slot) {
    if (busy || rounds == ROUNDS) {
      return false; // A page tells where the next begins.
    }
    busy = true;
    session
        .begin(slot, 2)
        .putFh(directory)
        .int32(Code.READDIR)
        .int64(cookie)
        .fixed(verifier)
        .int32(NAME_BYTES)
        .int32(REPLY_BYTES)
        .bitmap(Code.LISTED);
    return true;
  }

  @Override
  public boolean answered(Reply reply) {
    busy = false;
    cookie = reply.cookie;
    verifier = reply.verifier;
    inRound += reply.entries;
    entries += reply.entries;
    if (reply.end || reply.status != Code.OK) {
      wrong += inRound == expected ? 0 : 1;
      inRound = 0;
      cookie = 0;
      rounds++;
    }
    return true;
  }

  @Override
  public long entries() {
    return entries;
  }

  @Override
  public long wrong() {
    return wrong;
  }
}
