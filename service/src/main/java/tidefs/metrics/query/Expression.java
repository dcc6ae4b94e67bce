package tidefs.metrics.query;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tidefs.metrics.query.Lexer.Kind;
import tidefs.metrics.query.Lexer.Token;

/**
 * A parsed expression of metric math.
 *
 * <pre>
 *   or    = and  {("||"|"OR") and}          sum     = product {("+"|"-") product}
 *   and   = cmp  {("&amp;&amp;"|"AND") cmp}        product = power {("*"|"/") power}
 *   cmp   = sum  [("&lt;"|"&lt;="|"&gt;"|"&gt;="|"=="|"!=") sum]
 *   power = unary ["^" power]               unary   = "-" unary | primary
 *   primary = number | text | id | NAME "(" [or {"," or}] ")" | "(" or ")" | "[" or {"," or} "]"
 * </pre>
 */
public final class Expression {
  private static final int DEPTH = 64;
  private static final Set<String> COMPARISONS = Set.of("<", "<=", ">", ">=", "==", "!=");

  private final Node root;

  private Expression(Node root) {
    this.root = root;
  }

  /** A part of an expression. */
  sealed interface Node {
    record Literal(Value value) implements Node {}

    record Id(String id) implements Node {}

    record Call(String function, List<Node> arguments) implements Node {}

    record Binary(String sign, Node left, Node right) implements Node {}

    record ListOf(List<Node> elements) implements Node {}
  }

  /** Parses an expression. */
  public static Expression parse(String text) throws QueryException {
    Parser parser = new Parser(Lexer.tokens(text));
    Node root = parser.or(0);
    if (parser.peek().kind() != Kind.END) {
      throw new QueryException("Error in expression: unexpected '" + parser.peek().text() + "'");
    }
    return new Expression(root);
  }

  /** The ids that the expression names. */
  public Set<String> ids() {
    Set<String> ids = new LinkedHashSet<>();
    collect(root, ids);
    return ids;
  }

  private static void collect(Node node, Set<String> ids) {
    switch (node) {
      case Node.Literal _ -> {}
      case Node.Id id -> ids.add(id.id());
      case Node.Call call -> call.arguments().forEach(each -> collect(each, ids));
      case Node.Binary binary -> {
        collect(binary.left(), ids);
        collect(binary.right(), ids);
      }
      case Node.ListOf list -> list.elements().forEach(each -> collect(each, ids));
    }
  }

  Value evaluate(Scope scope) throws QueryException {
    return evaluate(root, scope);
  }

  /**
   * What expressions are evaluated in: values by id, which ids are metrics, and a range of time.
   */
  record Scope(
      Map<String, Value> values, List<String> metricIds, long from, long to, int periodSeconds) {}

  private static Value evaluate(Node node, Scope scope) throws QueryException {
    return switch (node) {
      case Node.Literal literal -> literal.value();
      case Node.Id id -> {
        Value value = scope.values().get(id.id());
        yield value == null ? new Value.Word(id.id()) : value;
      }
      case Node.Binary binary ->
          Arithmetic.apply(
              binary.sign(), evaluate(binary.left(), scope), evaluate(binary.right(), scope));
      case Node.Call call -> {
        List<Value> arguments = new ArrayList<>();
        for (Node argument : call.arguments()) {
          arguments.add(evaluate(argument, scope));
        }
        yield Functions.call(call.function(), arguments, scope);
      }
      case Node.ListOf list -> {
        List<Value.TimeSeries> series = new ArrayList<>();
        for (Node element : list.elements()) {
          series.addAll(Arithmetic.series(evaluate(element, scope)));
        }
        yield new Value.Group(series);
      }
    };
  }

  private static final class Parser {
    private final List<Token> tokens;
    private int at;

    Parser(List<Token> tokens) {
      this.tokens = tokens;
    }

    Token peek() {
      return tokens.get(at);
    }

    private boolean takes(String text) {
      boolean fits = peek().kind() != Kind.TEXT && peek().text().equals(text);
      at += fits ? 1 : 0;
      return fits;
    }

    private void expect(String text) throws QueryException {
      if (!takes(text)) {
        throw new QueryException(
            "Error in expression: '" + text + "' expected, not '" + peek().text() + "'");
      }
    }

    Node or(int depth) throws QueryException {
      if (depth > DEPTH) {
        throw new QueryException("Error in expression: it is nested too deeply");
      }
      Node left = and(depth);
      while (takes("||") || takes("OR")) {
        left = new Node.Binary("||", left, and(depth));
      }
      return left;
    }

    private Node and(int depth) throws QueryException {
      Node left = comparison(depth);
      while (takes("&&") || takes("AND")) {
        left = new Node.Binary("&&", left, comparison(depth));
      }
      return left;
    }

    private Node comparison(int depth) throws QueryException {
      Node left = sum(depth);
      String sign = peek().text();
      if (peek().kind() == Kind.SIGN && COMPARISONS.contains(sign)) {
        at++;
        return new Node.Binary(sign, left, sum(depth));
      }
      return left;
    }

    private Node sum(int depth) throws QueryException {
      Node left = product(depth);
      while (true) {
        if (takes("+")) {
          left = new Node.Binary("+", left, product(depth));
        } else if (takes("-")) {
          left = new Node.Binary("-", left, product(depth));
        } else {
          return left;
        }
      }
    }

    private Node product(int depth) throws QueryException {
      Node left = power(depth);
      while (true) {
        if (takes("*")) {
          left = new Node.Binary("*", left, power(depth));
        } else if (takes("/")) {
          left = new Node.Binary("/", left, power(depth));
        } else {
          return left;
        }
      }
    }

    private Node power(int depth) throws QueryException {
      Node left = unary(depth);
      return takes("^") ? new Node.Binary("^", left, power(depth + 1)) : left;
    }

    private Node unary(int depth) throws QueryException {
      if (depth > DEPTH) {
        throw new QueryException("Error in expression: it is nested too deeply");
      }
      return takes("-")
          ? new Node.Binary("-", new Node.Literal(new Value.Scalar(0)), unary(depth + 1))
          : primary(depth + 1);
    }

    private Node primary(int depth) throws QueryException {
      Token token = peek();
      at++;
      return switch (token.kind()) {
        case NUMBER -> new Node.Literal(new Value.Scalar(Double.parseDouble(token.text())));
        case TEXT -> new Node.Literal(new Value.Text(token.text()));
        case WORD ->
            takes("(") ? new Node.Call(token.text(), list(")", depth)) : new Node.Id(token.text());
        case SIGN -> bracket(token.text(), depth);
        case END -> throw new QueryException("Error in expression: it ends too early");
      };
    }

    private Node bracket(String sign, int depth) throws QueryException {
      if (sign.equals("(")) {
        Node inner = or(depth);
        expect(")");
        return inner;
      }
      if (sign.equals("[")) {
        return new Node.ListOf(list("]", depth));
      }
      throw new QueryException("Error in expression: unexpected '" + sign + "'");
    }

    private List<Node> list(String close, int depth) throws QueryException {
      List<Node> elements = new ArrayList<>();
      if (takes(close)) {
        return elements;
      }
      do {
        elements.add(or(depth));
      } while (takes(","));
      expect(close);
      return elements;
    }
  }
}
