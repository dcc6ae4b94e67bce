package tidefs.nfs4.state;

/** One lock-owner's byte-range locks on one file; the ranges are in {@link RangeLocks}. */
public final class LockState extends OwnedState {
  private final OpenState open;

  LockState(Owner owner, OpenState open) {
    super(owner, open.file());
    this.open = open;
  }

  @Override
  public OpenState open() {
    return open;
  }

  @Override
  public int access() {
    return open.access();
  }

  @Override
  public int opener() {
    return open.opener();
  }
}
