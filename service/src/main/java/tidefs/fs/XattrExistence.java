package tidefs.fs;

/** What must be so for an extended attribute to be set. */
public enum XattrExistence {
  /** It may be there or not. */
  EITHER,
  /** It must not be there: EEXIST. */
  ABSENT,
  /** It must be there: ENODATA. */
  PRESENT
}
