package tidefs.bench;

/** The load cannot go on: the server is not there, or does not speak as it should. */
final class BenchFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  BenchFailure(String text) {
    super(text);
  }

  BenchFailure(String text, Throwable cause) {
    super(text, cause);
  }
}
