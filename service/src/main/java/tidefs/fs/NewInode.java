package tidefs.fs;

/**
 * What to make: owner and group are the caller's (the directory's group if it has the setgid bit),
 * unless {@code attributes} say otherwise and the caller may say so.
 *
 * @param type what it is
 * @param attributes attributes it starts with; a mode that is not given is 0
 * @param target a symbolic link's target; empty for everything else
 * @param device which device it stands for; {@link Device#NONE} for everything but devices
 * @param verifier for exclusive creation: kept with the file until its attributes are next set; 0
 *     for none
 */
public record NewInode(
    FileType type, AttributeChanges attributes, byte[] target, Device device, long verifier) {
  /** What is no device. */
  public NewInode(FileType type, AttributeChanges attributes, byte[] target, long verifier) {
    this(type, attributes, target, Device.NONE, verifier);
  }
}
