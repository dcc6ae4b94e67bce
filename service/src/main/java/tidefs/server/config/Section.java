package tidefs.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of the configuration, read key by key. Each key is asked for once, with its default;
 * {@link #end} then refuses what nobody asked for. A mapping that is not in the file reads as one
 * without keys.
 */
final class Section {
  private final Source source;
  private final String path;
  private final @Nullable Node at;
  private final Map<String, NodeTuple> given = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * The section at {@code path}, which is empty for the whole file; {@code node} if it is given.
   */
  Section(Source source, String path, @Nullable Node node) {
    this.source = source;
    this.path = path;
    this.at = node;
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        String key = key(tuple.getKeyNode());
        if (given.putIfAbsent(key, tuple) != null) {
          throw source.wrong(tuple.getKeyNode(), pathOf(key), "stands here a second time");
        }
      }
    } else if (node != null) {
      throw source.wrong(node, path, "must be a mapping (keys with values, indented below it)");
    }
  }

  /** A value that {@code parser} reads; it throws IllegalArgumentException saying what is right. */
  <T> T value(String key, String standard, Function<String, T> parser) {
    Optional<T> found = optional(key, standard, parser);
    return found.orElseGet(() -> parser.apply(standard));
  }

  /** A value that must be given. */
  <T> T required(String key, Function<String, T> parser) {
    Optional<T> found = optional(key, "", parser);
    return found.orElseThrow(() -> source.wrong(at, pathOf(key), "is missing"));
  }

  /** A whole number within a range. */
  int integer(String key, int standard, int lowest, int highest) {
    return value(key, Integer.toString(standard), text -> Values.integer(text, lowest, highest));
  }

  /** True or false. */
  boolean flag(String key, boolean standard) {
    return value(key, Boolean.toString(standard), Values::flag);
  }

  /** The section below {@code key}. */
  Section section(String key) {
    known.add(key);
    NodeTuple tuple = given.get(key);
    return new Section(source, pathOf(key), tuple == null ? null : tuple.getValueNode());
  }

  /** The list below {@code key}, each item of which is a mapping, if it is given. */
  Optional<List<Section>> sections(String key) {
    return items(key)
        .map(items -> {
          List<Section> sections = new ArrayList<>();
          for (Node item : items) {
            sections.add(new Section(source, pathOf(key) + "[]", item));
          }
          return sections;
        });
  }

  /** The list of plain values below {@code key}; empty if it is not given. */
  <T> List<T> values(String key, Function<String, T> parser) {
    List<T> values = new ArrayList<>();
    for (Node item : items(key).orElse(List.of())) {
      values.add(parse(item, pathOf(key) + "[]", parser));
    }
    source.note(pathOf(key), "[]", given.containsKey(key));
    return values;
  }

  /** Makes a record of values read here; what it refuses is refused with this section's place. */
  <T> T made(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw source.wrong(at, path, String.valueOf(e.getMessage()));
    }
  }

  /** Refuses keys that nobody has asked for. */
  void end() {
    for (Map.Entry<String, NodeTuple> entry : given.entrySet()) {
      if (!known.contains(entry.getKey())) {
        Optional<String> meant = Values.nearest(entry.getKey(), known);
        String right =
            meant
                .map(key -> "is unknown; '" + key + "' is meant?")
                .orElse("is unknown; the keys here are " + String.join(", ", known));
        throw source.wrong(entry.getValue().getKeyNode(), pathOf(entry.getKey()), right);
      }
    }
  }

  private <T> Optional<T> optional(String key, String standard, Function<String, T> parser) {
    known.add(key);
    String full = pathOf(key);
    NodeTuple tuple = given.get(key);
    source.note(full, standard, tuple != null);
    Optional<Source.Option> override = source.override(full);
    if (override.isPresent()) {
      return Optional.of(override.get().parse(parser));
    }
    return Optional.ofNullable(tuple).map(found -> parse(found.getValueNode(), full, parser));
  }

  private Optional<List<Node>> items(String key) {
    known.add(key);
    NodeTuple tuple = given.get(key);
    if (tuple == null) {
      return Optional.empty();
    }
    if (!(tuple.getValueNode() instanceof SequenceNode sequence)) {
      throw source.wrong(
          tuple.getValueNode(), pathOf(key), "must be a list (items that begin with '- ')");
    }
    return Optional.of(sequence.getValue());
  }

  private <T> T parse(Node node, String full, Function<String, T> parser) {
    if (!(node instanceof ScalarNode scalar)) {
      throw source.wrong(node, full, "must be a single value");
    }
    if (scalar.getTag().equals(Tag.NULL)) {
      throw source.wrong(node, full, "has no value; leave the key out to get its default");
    }
    try {
      return parser.apply(scalar.getValue());
    } catch (IllegalArgumentException e) {
      throw source.wrong(node, full, String.valueOf(e.getMessage()));
    }
  }

  private String key(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw source.wrong(node, path, "has a key that is not a plain word");
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
