package tidefs.nfs4.state;

/** What an owner has of a file: an open of it, or locks on it. */
public abstract sealed class OwnedState extends State permits OpenState, LockState {
  private final Owner owner;

  OwnedState(Owner owner, FileState file) {
    super(owner.client(), file);
    this.owner = owner;
  }

  /** Who holds it. */
  public final Owner owner() {
    return owner;
  }

  /** The open that gives this state its right to read and write. */
  public abstract OpenState open();

  @Override
  public final OpenState reservation() {
    return open();
  }
}
