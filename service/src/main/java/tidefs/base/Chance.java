package tidefs.base;

import java.security.SecureRandom;

/** Where randomness comes from. Passed in, so that a test can replay it from a seed. */
public interface Chance {
  /** Fills {@code bytes} with values that an observer cannot predict (in a test: replayable). */
  void fill(byte[] bytes);

  /** A value that an observer cannot predict. */
  default long nextLong() {
    byte[] bytes = new byte[Long.BYTES];
    fill(bytes);
    long value = 0;
    for (byte b : bytes) {
      value = value << 8 | (b & 0xff);
    }
    return value;
  }

  /** The machine's cryptographic source. */
  static Chance system() {
    return new SecureRandom()::nextBytes;
  }
}
