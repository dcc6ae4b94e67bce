package tidefs.rpc;

/** AUTH_NONE: the caller does not say who it is. */
public enum AuthNone implements Credentials {
  /** The one value. */
  INSTANCE;

  static final int FLAVOUR = 0;
}
