package tidefs.api.cloudwatch;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tidefs.api.ServiceError;
import tidefs.api.wire.Input;

/** Tokens for the next page: the last key of this one, or a position, so that nothing is kept. */
final class Pages {
  private static final String FORMAT = "1:";
  private static final int TOKEN_CHARACTERS = 1_024;

  private Pages() {}

  static String token(String last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((FORMAT + last).getBytes(StandardCharsets.UTF_8));
  }

  static Optional<String> last(Input in) throws ServiceError {
    Optional<String> token = in.text("NextToken", TOKEN_CHARACTERS);
    if (token.isEmpty() || token.get().isEmpty()) {
      return Optional.empty();
    }
    String text;
    try {
      text = new String(Base64.getUrlDecoder().decode(token.get()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      text = "";
    }
    if (!text.startsWith(FORMAT)) {
      throw invalid();
    }
    return Optional.of(text.substring(FORMAT.length()));
  }

  /** The position that the token names; {@code start} if there is none. */
  static long position(Input in, long start) throws ServiceError {
    Optional<String> last = last(in);
    try {
      return last.isEmpty() ? start : Long.parseLong(last.get());
    } catch (NumberFormatException e) {
      throw invalid();
    }
  }

  private static ServiceError invalid() {
    return new ServiceError(400, "InvalidNextToken", "The NextToken is not valid.");
  }
}
