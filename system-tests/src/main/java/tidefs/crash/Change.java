package tidefs.crash;

/** What an operation that was acknowledged does to the model, and how to speak of it. */
record Change(String text, Runnable effect) {
  /** An operation without a lasting effect. */
  static Change none(String text) {
    return new Change(text, () -> {});
  }
}
