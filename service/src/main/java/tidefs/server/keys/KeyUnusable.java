package tidefs.server.keys;

import tidefs.store.StoreFault;

/** A file system cannot be opened because its key cannot be used. Nothing is damaged. */
public final class KeyUnusable extends StoreFault {
  private static final long serialVersionUID = 1;

  KeyUnusable(String message) {
    super(message);
  }
}
