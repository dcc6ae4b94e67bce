package tidefs.control;

/** The configured network leaves no place for a VPC or subnet that was created by a call. */
public final class NetworkClash extends RuntimeException {
  private static final long serialVersionUID = 1;

  NetworkClash(String created, IllegalArgumentException why) {
    super(
        "the network of the configuration clashes with "
            + created
            + ", which was created by a call of the API: "
            + why.getMessage(),
        why);
  }
}
