package tidefs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The rules of the house that a machine can see; {@code CONTRIBUTING.md} tells their reasons. */
final class TidyTest {
  private static final int FILE_LINES = 500;
  private static final int METHOD_LINES = 60;
  private static final int COLUMNS = 100;

  private static final List<Path> JAVA =
      Checkout.files(".", file -> file.toString().endsWith(".java"));
  private static final List<Path> MARKDOWN =
      Checkout.files(".", file -> file.toString().endsWith(".md"));

  private final List<String> wrong = new ArrayList<>();

  @Test
  void filesAreShort() {
    for (Path file : JAVA) {
      long lines = Checkout.text(file).lines().count();
      if (lines > FILE_LINES) {
        report(file, lines, "lines in the file, and " + FILE_LINES + " is the limit");
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void linesFitAPage() {
    for (Path file : JAVA) {
      int number = 0;
      for (String line : Checkout.text(file).lines().toList()) {
        number++;
        boolean unbreakable = line.startsWith("import ") || line.contains("http");
        if (line.length() > COLUMNS && !unbreakable) {
          report(file, number, "is longer than " + COLUMNS + " columns");
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void nothingIsLeftForLater() {
    Pattern left = Pattern.compile("TO" + "DO|FIX" + "ME|\\bXX" + "X\\b|@Dis" + "abled");
    Set<Path> texts = new TreeSet<>(JAVA);
    texts.addAll(MARKDOWN);
    texts.addAll(Checkout.files("system-tests", file -> !file.toString().contains("/target/")));
    for (Path file : texts) {
      int number = 0;
      for (String line : Checkout.text(file).lines().toList()) {
        number++;
        if (left.matcher(line).find()) {
          report(file, number, "leaves something for later: " + line.strip());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIs() {
    for (Path file : Checkout.files("service/src/main/java", path -> isJava(path))) {
      Path info = file.resolveSibling("package-info.java");
      if (!Files.exists(info)) {
        report(info, 1, "is missing");
      } else if (!Checkout.text(info).startsWith("/**")
          || !Checkout.text(info).contains("@NullMarked")) {
        report(info, 1, "opens with no doc comment, or lacks @NullMarked");
      }
    }
    assertThat(wrong.stream().distinct()).isEmpty();
  }

  @Test
  void linksInDocumentsResolve() {
    Pattern link = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");
    for (Path file : MARKDOWN) {
      String text = Checkout.text(file).replaceAll("(?s)```.*?```", "");
      Matcher matcher = link.matcher(text);
      while (matcher.find()) {
        String target = matcher.group(1);
        if (!target.contains("://") && !target.startsWith("mailto:") && !resolves(file, target)) {
          report(file, text.substring(0, matcher.start()).lines().count(), "links to " + target);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void methodsAreShortAndTypesAreDocumented() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(JAVA));
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Reader(unit, trees).scan(unit, null);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean resolves(Path file, String target) {
    String[] parts = target.split("#", 2);
    Path named = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]).normalize();
    if (parts.length == 1 || !Files.isRegularFile(named)) {
      return Files.exists(named);
    }
    return Checkout.text(named)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+\\s*", "").toLowerCase(java.util.Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .anyMatch(parts[1]::equals);
  }

  private static boolean isJava(Path file) {
    return file.toString().endsWith(".java");
  }

  private void report(Path file, long line, String what) {
    wrong.add(Checkout.ROOT.relativize(file) + ":" + line + " " + what);
  }

  /** Reads one source file's types and methods. */
  private final class Reader extends TreePathScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final DocTrees trees;

    Reader(CompilationUnitTree unit, DocTrees trees) {
      this.unit = unit;
      this.trees = trees;
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
      boolean isPublic = type.getModifiers().getFlags().contains(Modifier.PUBLIC);
      if (isPublic && !isTest() && comment == null) {
        wrong.add(at(type) + " is public and has no doc comment");
      }
      checkFirstSentence(type, comment);
      return super.visitClass(type, unused);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      long lines = line(end(method)) - line(start(method)) + 1;
      if (lines > METHOD_LINES) {
        wrong.add(at(method) + " has " + lines + " lines, and " + METHOD_LINES + " is the limit");
      }
      checkFirstSentence(method, trees.getDocCommentTree(getCurrentPath()));
      return super.visitMethod(method, unused);
    }

    private void checkFirstSentence(
        Tree tree, @org.jspecify.annotations.Nullable DocCommentTree comment) {
      if (comment == null) {
        return;
      }
      String sentence = comment.getFirstSentence().toString();
      if (sentence.matches(
          "(?i)(this (class|interface|record|method|function) |getter|setter).*")) {
        wrong.add(at(tree) + " opens its doc comment with \"" + sentence + "\": say what it is");
      }
    }

    private boolean isTest() {
      return unit.getSourceFile().toString().contains("/src/test/");
    }

    private String at(Tree tree) {
      Path file = Path.of(unit.getSourceFile().toUri());
      return Checkout.ROOT.relativize(file) + ":" + line(start(tree));
    }

    private long start(Tree tree) {
      return trees.getSourcePositions().getStartPosition(unit, tree);
    }

    private long end(Tree tree) {
      return trees.getSourcePositions().getEndPosition(unit, tree);
    }

    private long line(long position) {
      return unit.getLineMap().getLineNumber(position);
    }
  }
}
