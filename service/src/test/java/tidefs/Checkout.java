package tidefs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of the checkout that the tests run in. */
public final class Checkout {
  /** The folder that holds the launcher. */
  public static final Path ROOT = root();

  private static final Set<String> NOT_OURS = Set.of("target", "node_modules", "data");

  private Checkout() {}

  /** The regular files below {@code folder} (relative to the root) whose paths pass. */
  public static List<Path> files(String folder, Predicate<Path> wanted) {
    Path start = ROOT.resolve(folder);
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(start)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> ours(ROOT.relativize(file)))
          .filter(wanted)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The whole text of a file. */
  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static boolean ours(Path relative) {
    for (Path part : relative) {
      String name = part.toString();
      if (NOT_OURS.contains(name) || (name.startsWith(".") && !name.equals(".ci"))) {
        return false;
      }
    }
    return true;
  }

  private static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("tidefs")) && Files.exists(at.resolve("pom.xml"))) {
        return at;
      }
    }
    throw new IllegalStateException("The tests run outside of a checkout");
  }
}
