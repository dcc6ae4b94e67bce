package tidefs.replica;

import java.io.IOException;

/** The way to a destination. Answers are those of {@link Receiver#handle}. */
@FunctionalInterface
public interface Link {
  /**
   * Sends messages and returns what the destination answers to them. IOException if it could not be
   * reached or could not do it: nobody knows then which of them were carried out.
   */
  byte[] call(byte[] messages) throws IOException;
}
