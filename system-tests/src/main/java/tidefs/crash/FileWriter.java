package tidefs.crash;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Stability;
import tidefs.testkit.CompoundResult;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.OpenFile;

/**
 * Writes, commits and cuts files as a kernel does: unstable writes are kept until a COMMIT with the
 * same verifier, and written again after a restart.
 */
final class FileWriter {
  private final FileWorker worker;
  private final Mix mix;
  private long lastTag;

  FileWriter(FileWorker worker, Mix mix) {
    this.worker = worker;
    this.mix = mix;
  }

  void step(FileWorker.Place place) throws IOException {
    Node file = place.node();
    if (worker.random.nextInt(10) == 0) {
      cut(file);
      return;
    }
    OpenFile open = open(place);
    Contents contents = file.contents;
    for (int i = worker.random.nextInt(4); i >= 0; i--) {
      int from = worker.random.nextInt(mix.sectors());
      if (from > contents.size() && worker.random.nextInt(3) > 0) {
        from = contents.size();
      }
      int to = Math.min(mix.sectors(), from + 1 + worker.random.nextInt(mix.run()));
      if (from < to) {
        contents.write(new Contents.Run(from, to), ++lastTag);
        int kind = worker.random.nextInt(6);
        write(
            file,
            open,
            new Contents.Run(from, to),
            kind == 0 ? Stability.FILE_SYNC : kind == 1 ? Stability.DATA_SYNC : Stability.UNSTABLE);
      }
    }
    if (worker.random.nextInt(4) > 0) {
      commit(file);
    }
    afterwards(file);
  }

  /** Closes the file unless it stays open. */
  void afterwards(Node file) throws IOException {
    if (!mix.keepsOpen()) {
      close(file);
    }
  }

  /** Closes the file if its last name is about to go. */
  void closeIfLast(Node file) throws IOException {
    if (file.names == 1) {
      close(file);
    }
  }

  private void close(Node file) throws IOException {
    OpenFile open = file.open;
    if (open != null) {
      file.open = null;
      worker.change(Change.none("close"), () -> worker.client().close(open));
    }
  }

  private OpenFile open(FileWorker.Place place) throws IOException {
    OpenFile there = place.node().open;
    if (there != null) {
      return there;
    }
    OpenFile opened =
        worker.patiently(
            () -> worker.client().open(place.directory().at(), place.name(), Share.ACCESS_BOTH));
    worker.require(
        opened.handle().equals(place.node().at()), "OPEN of " + place.name() + ": another file");
    place.node().open = opened;
    return opened;
  }

  private void cut(Node file) throws IOException {
    int sectors = worker.random.nextInt(mix.sectors());
    worker.change(
        new Change("truncate to " + sectors + " sectors", () -> file.contents.resize(sectors)),
        () -> {
          long bytes = (long) sectors * Contents.SECTOR_BYTES;
          worker.client().setattr(file.at(), NewAttributes.none().size(bytes));
        });
  }

  /** Writes what the contents have there by now. */
  private void write(Node file, OpenFile open, Contents.Run all, Stability stable)
      throws IOException {
    Contents.Run rest = all;
    while (rest.from() < rest.to()) {
      Contents.Run run = rest;
      byte[] bytes = file.contents.bytes(run);
      CompoundResult.Written written =
          worker.patiently(() ->
              worker
                  .client()
                  .write(open, (long) run.from() * Contents.SECTOR_BYTES, stable, bytes));
      worker.require(
          written.count() > 0 && written.count() % Contents.SECTOR_BYTES == 0,
          "WRITE took " + written.count() + " bytes");
      worker.require(
          written.committed().compareTo(stable) >= 0, "WRITE is less stable than asked for");
      Contents.Run done =
          new Contents.Run(run.from(), run.from() + written.count() / Contents.SECTOR_BYTES);
      if (written.committed() != Stability.UNSTABLE) {
        file.contents.commit(done);
      } else {
        require(file, written.verifier());
      }
      rest = new Contents.Run(done.to(), run.to());
    }
  }

  /** While the server lives its verifier stays. */
  private void require(Node file, long verifier) {
    worker.require(
        file.verifier == 0 || file.verifier == verifier, "the verifier changed without a restart");
    file.verifier = verifier;
  }

  private void commit(Node file) throws IOException {
    long verifier = worker.patiently(() -> worker.client().commit(file.at()));
    require(file, verifier);
    file.contents.commit();
    file.verifier = 0;
  }

  /** Opens again what was open. */
  void reclaim(List<FileWorker.Place> files) throws IOException {
    for (FileWorker.Place each : files) {
      OpenFile before = each.node().open;
      if (before == null || !mix.keepsOpen()) {
        each.node().open = null;
      } else if (each.node().open == before) {
        each.node().open =
            worker.patiently(() -> worker.client().reclaim(before, Share.ACCESS_BOTH));
        worker.require(each.node().open.handle().equals(before.handle()), "reclaimed another file");
      }
    }
  }

  /** Writes again what was not committed, which a restart may have lost. */
  void mend(List<FileWorker.Place> files) throws IOException {
    for (FileWorker.Place each : files) {
      Node file = each.node();
      long old = file.verifier;
      file.verifier = 0;
      if (file.contents.isUnstable()) {
        OpenFile open = open(each);
        Optional<Contents.Run> run = file.contents.unstableFrom(0, mix.run());
        while (run.isPresent()) {
          write(file, open, run.get(), Stability.UNSTABLE);
          worker.require(
              file.verifier == 0 || file.verifier != old, "the verifier outlived a restart");
          run = file.contents.unstableFrom(run.get().to(), mix.run());
        }
        commit(file);
        afterwards(file);
      }
    }
  }
}
