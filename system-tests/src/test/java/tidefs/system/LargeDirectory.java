package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tidefs.nfs4.op.FileHandle;
import tidefs.testkit.NfsClient;

/**
 * How fast one client works in a directory of very many entries, next to how fast it works in small
 * ones with as many entries in all: what is remembered in memory helps both alike. Turn and turn
 * about, so that what else the machine does meets both.
 */
final class LargeDirectory implements AutoCloseable {
  private static final int ROUNDS = 5;
  private static final int CREATIONS = 5_000;
  private static final int LOOKUPS = 20_000;

  private final Pipeline pipeline;
  private final Random random = new Random(1);

  /** Operations a second: medians of some rounds. */
  record Comparison(String what, double few, double many) {
    double ratio() {
      return many / few;
    }

    @Override
    public String toString() {
      return "%s: %.0f a second with few entries, %.0f with many: %.0f %%"
          .formatted(what, few, many, 100 * ratio());
    }
  }

  /**
   * A directory with entries {@code f} and a number.
   *
   * @param first the number of its first entry
   */
  record Directory(FileHandle handle, int first, int entries) {}

  private interface Work {
    long run() throws IOException;
  }

  LargeDirectory(Server.Export export) throws IOException {
    pipeline = new Pipeline(export, "large directory");
  }

  /** A directory in the root that is there. */
  Directory find(String name, int first, int entries) throws IOException {
    NfsClient client = pipeline.client();
    return new Directory(client.lookup(client.root(), name), first, entries);
  }

  /** Fills a directory with as many entries as {@code few} have, and compares. */
  List<Comparison> compare(List<Directory> few) throws IOException {
    int entries = few.stream().mapToInt(Directory::entries).sum();
    NfsClient client = pipeline.client();
    FileHandle handle = client.mkdir(client.root(), "many", 0755);
    List<Directory> many = List.of(new Directory(handle, 0, entries));
    create(many.getFirst(), 0, entries);
    List<Double> lookUps = new ArrayList<>();
    List<Double> manyLookUps = new ArrayList<>();
    List<Double> listings = new ArrayList<>();
    List<Double> manyListings = new ArrayList<>();
    List<Double> creations = new ArrayList<>();
    List<Double> manyCreations = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      lookUps.add(rate(() -> lookUp(few)));
      manyLookUps.add(rate(() -> lookUp(many)));
      int more = round * CREATIONS;
      listings.add(rate(() -> list(few, more)));
      manyListings.add(rate(() -> list(many, more)));
      Directory one = few.getFirst();
      creations.add(rate(() -> create(one, one.entries() + more, CREATIONS)));
      manyCreations.add(rate(() -> create(many.getFirst(), entries + more, CREATIONS)));
    }
    return List.of(
        new Comparison("creations", median(creations), median(manyCreations)),
        new Comparison("look-ups", median(lookUps), median(manyLookUps)),
        new Comparison("entries read", median(listings), median(manyListings)));
  }

  private static double rate(Work work) throws IOException {
    long began = System.nanoTime();
    long done = work.run();
    return done / ((System.nanoTime() - began) / 1e9);
  }

  private long create(Directory directory, int from, int count) throws IOException {
    for (int i = from; i < from + count; i++) {
      // Names that its maker did not use.
      String name = i < directory.entries() ? "f" + (directory.first() + i) : "more" + i;
      pipeline.create(directory.handle(), name);
    }
    pipeline.finish();
    return count;
  }

  private long lookUp(List<Directory> directories) throws IOException {
    for (int i = 0; i < LOOKUPS; i++) {
      Directory directory = directories.get(random.nextInt(directories.size()));
      int number = directory.first() + random.nextInt(directory.entries());
      pipeline.lookUp(directory.handle(), "f" + number);
    }
    pipeline.finish();
    return LOOKUPS;
  }

  private long list(List<Directory> directories, int more) throws IOException {
    long found = 0;
    for (Directory each : directories) {
      found += pipeline.list(each.handle());
    }
    assertThat(found).isEqualTo(directories.stream().mapToLong(Directory::entries).sum() + more);
    return found;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  @Override
  public void close() throws IOException {
    pipeline.close();
  }
}
