package tidefs.metrics.query;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts an expression into tokens. */
final class Lexer {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<number>\\d+\\.?\\d*(?:[eE][+-]?\\d+)?|\\.\\d+)"
              + "|(?<word>[A-Za-z_][A-Za-z0-9_]*)"
              + "|\"(?<double>[^\"]*)\"|'(?<single>[^']*)'"
              + "|(?<sign>&&|\\|\\||==|!=|<=|>=|[-+*/^<>(),\\[\\]]))\\s*");

  private Lexer() {}

  /** What a token is. */
  enum Kind {
    NUMBER,
    WORD,
    TEXT,
    SIGN,
    END
  }

  /** A token. */
  record Token(Kind kind, String text) {}

  static List<Token> tokens(String expression) throws QueryException {
    List<Token> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(expression);
    int at = 0;
    while (at < expression.length()) {
      matcher.region(at, expression.length());
      if (!matcher.lookingAt()) {
        throw new QueryException("Error in expression: unexpected character at " + at);
      }
      at = matcher.end();
      tokens.add(token(matcher));
    }
    tokens.add(new Token(Kind.END, ""));
    return tokens;
  }

  private static Token token(Matcher matcher) {
    if (matcher.group("number") != null) {
      return new Token(Kind.NUMBER, matcher.group("number"));
    }
    if (matcher.group("word") != null) {
      return new Token(Kind.WORD, matcher.group("word"));
    }
    if (matcher.group("double") != null) {
      return new Token(Kind.TEXT, matcher.group("double"));
    }
    if (matcher.group("single") != null) {
      return new Token(Kind.TEXT, matcher.group("single"));
    }
    return new Token(Kind.SIGN, matcher.group("sign"));
  }
}
