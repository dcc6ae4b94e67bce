package tidefs.fs.lifecycle;

/** Where the contents of a file are kept, from the dearest place to the cheapest. */
public enum StorageClass {
  STANDARD(0, "Standard"),
  INFREQUENT_ACCESS(1, "IA"),
  ARCHIVE(2, "Archive");

  private final int code;
  private final String text;

  StorageClass(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** Its number in records of the store. */
  public int code() {
    return code;
  }

  /** The class with a number that {@link #code} gave. IllegalArgumentException for any other. */
  public static StorageClass of(int code) {
    for (StorageClass each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("there is no such storage class");
  }

  /** Its name in metrics and in the answers of the API. */
  public String text() {
    return text;
  }

  /** True for all but {@link #STANDARD}. */
  public boolean cold() {
    return this != STANDARD;
  }
}
