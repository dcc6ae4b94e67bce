package tidefs.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds what answers a method and a path. Templates are like {@code /file-systems/{id}/policy};
 * where a segment fits a literal and a parameter, the literal wins. Paths are split before they are
 * decoded, so that an encoded slash belongs to its segment; one trailing slash is ignored.
 */
public final class Router<T> {
  private final Node<T> root = new Node<>();

  private static final class Node<T> {
    private final Map<String, Node<T>> literals = new HashMap<>();
    private final Map<String, Target<T>> targets = new TreeMap<>();
    private @Nullable Node<T> parameter;
  }

  /** What answers, and how it calls the parameters of its path. */
  private record Target<T>(T target, List<String> names) {}

  /** What a path leads to. */
  public sealed interface Match<T> {
    /** A target, and the decoded parameters of its path. */
    record Found<T>(T target, Map<String, String> parameters) implements Match<T> {}

    /** The path exists for other methods only. */
    record OtherMethods<T>(Set<String> allowed) implements Match<T> {}

    /** There is no such path. */
    record None<T>() implements Match<T> {}
  }

  /** Leads {@code method} on {@code template} to {@code target}. */
  public void add(String method, String template, T target) {
    Node<T> node = root;
    List<String> names = new ArrayList<>();
    for (String segment : segments(template)) {
      if (segment.startsWith("{")) {
        Node<T> next = node.parameter == null ? new Node<>() : node.parameter;
        node.parameter = next;
        names.add(segment.substring(1, segment.length() - 1));
        node = next;
      } else {
        node = node.literals.computeIfAbsent(segment, _ -> new Node<>());
      }
    }
    if (node.targets.put(method, new Target<>(target, names)) != null) {
      throw new IllegalArgumentException("two targets for " + method + " " + template);
    }
  }

  /** What answers {@code method} on {@code rawPath}. */
  public Match<T> match(String method, String rawPath) {
    List<String> values = new ArrayList<>();
    Node<T> node = root;
    for (String segment : segments(rawPath)) {
      Node<T> next = node.literals.get(segment);
      if (next == null) {
        next = node.parameter;
        values.add(decoded(segment));
      }
      if (next == null || segment.isEmpty()) {
        return new Match.None<>();
      }
      node = next;
    }
    if (node.targets.isEmpty()) {
      return new Match.None<>();
    }
    Target<T> target = node.targets.get(method);
    if (target == null) {
      return new Match.OtherMethods<>(node.targets.keySet());
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      parameters.put(target.names().get(i), values.get(i));
    }
    return new Match.Found<>(target.target(), parameters);
  }

  private static String[] segments(String path) {
    String inner = path.startsWith("/") ? path.substring(1) : path;
    inner = inner.endsWith("/") ? inner.substring(0, inner.length() - 1) : inner;
    return inner.split("/", -1);
  }

  /** In a path a plus sign stands for itself, and what is not well encoded too. */
  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return segment;
    }
  }
}
