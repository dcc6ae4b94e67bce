package tidefs.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Where a configuration comes from: a file's text, and options that override some of its keys. */
final class Source {
  private static final int LARGEST_BYTES = 1 << 20;

  private final String name;
  private final String text;
  private final Map<String, Option> overrides;
  private final Map<String, Key> keys = new LinkedHashMap<>();

  Source(String name, String text, Map<String, Option> overrides) {
    this.name = name;
    this.text = text;
    this.overrides = overrides;
  }

  /** A value that an option of the command line gives for a key. */
  record Option(String option, String value) {
    <T> T parse(Function<String, T> parser) {
      try {
        return parser.apply(value);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(option + ": " + e.getMessage());
      }
    }
  }

  /** A key that the reader has asked for. */
  record Key(String standard, boolean given) {}

  /** The file at {@code path}. */
  static Source file(Path path, Map<String, Option> overrides) {
    try {
      if (Files.size(path) > LARGEST_BYTES) {
        throw new ConfigurationException(path + " is larger than 1 MiB: is it the right file?");
      }
      return new Source(path.toString(), Files.readString(path, StandardCharsets.UTF_8), overrides);
    } catch (NoSuchFileException e) {
      throw new ConfigurationException("there is no configuration file " + path);
    } catch (IOException e) {
      throw new ConfigurationException("cannot read the configuration file " + path + ": " + e);
    }
  }

  /** The whole configuration as a section. */
  Section root() {
    LoadSettings settings =
        LoadSettings.builder().setLabel(name).setMaxAliasesForCollections(0).build();
    try {
      return new Section(this, "", new Compose(settings).composeString(text).orElse(null));
    } catch (MarkedYamlEngineException e) {
      String place = e.getProblemMark().map(this::place).orElse(name);
      throw new ConfigurationException(place + ": this is not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new ConfigurationException(name + ": this is not YAML: " + e.getMessage());
    }
  }

  Optional<Option> override(String path) {
    return Optional.ofNullable(overrides.get(path));
  }

  /** Notes that there is a key at {@code path}. */
  void note(String path, String standard, boolean given) {
    keys.putIfAbsent(path, new Key(standard, given));
  }

  /** All keys that were asked for, by their paths. */
  Map<String, Key> keys() {
    return Map.copyOf(keys);
  }

  /** What to throw about the key at {@code path}. */
  ConfigurationException wrong(@Nullable Node node, String path, String what) {
    String place =
        Optional.ofNullable(node).flatMap(Node::getStartMark).map(this::place).orElse(name);
    return new ConfigurationException(place + ": " + (path.isEmpty() ? "" : path + ": ") + what);
  }

  private String place(Mark mark) {
    return name + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
  }
}
