package tidefs.api;

/** Limits of the HTTP side, checked before anything is allocated for a request. */
public final class Limits {
  /** Bytes of a request's body: the largest policy, escaped, and room for the rest. */
  public static final int BODY_BYTES = 1 << 20;

  /** Bytes of a request's line and headers. */
  public static final int HEADER_BYTES = 32 << 10;

  /** Connections open at a time. */
  public static final int CONNECTIONS = 4_096;

  /** How long a connection may stay silent. */
  public static final int IDLE_SECONDS = 60;

  /** How deep the structures of a JSON body may lie in each other. */
  public static final int JSON_DEPTH = 32;

  /** Digits of a number in a JSON body. */
  public static final int JSON_NUMBER_DIGITS = 64;

  /** Parameters of a query or a form. */
  public static final int PARAMETERS = 1_000;

  private Limits() {}
}
