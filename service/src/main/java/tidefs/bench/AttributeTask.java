package tidefs.bench;

/** Asks for the attributes of one file until time is up. */
final class AttributeTask implements Task {
  private final Session session;
  private final byte[] file;

  AttributeTask(Session session, byte[] file) {
    this.session = session;
    this.file = file;
  }

  @Override
  public boolean begin(int slot) {
    session.begin(slot, 2).putFh(file).getAttr();
    return true;
  }

  @Override
  public boolean answered(Reply reply) {
    return true;
  }
}
