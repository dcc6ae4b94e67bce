package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tidefs.fs.lifecycle.Rules;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.testkit.FileSystemRig;
import tidefs.testkit.FsModel.Node;

/** Random moves between storage classes, of which the model knows nothing: nothing may change. */
final class ModelTiers {
  private static final Rules[] RULES = {
    Rules.NONE, new Rules(1, 7, false), new Rules(1, 0, true), new Rules(0, 7, true)
  };

  private final ModelRun run;

  ModelTiers(ModelRun run) {
    this.run = run;
  }

  void step() throws FsException {
    switch (run.random.nextInt(8)) {
      case 0 -> {
        Rules rules = RULES[run.random.nextInt(RULES.length)];
        run.note("rules %s", rules);
        run.rig.fs().lifecycle().rules(rules);
      }
      case 1 -> {
        run.note("a day or so passes");
        run.rig.advance(Duration.ofHours(run.random.nextInt(60)).toNanos());
        run.rig.fs().lifecycle().run(Lifecycle.Work.AT_ONCE);
        run.nodes().forEach(this::moved);
      }
      default -> move();
    }
  }

  private void move() throws FsException {
    Node file = run.any(FileType.REGULAR);
    StorageClass target = StorageClass.values()[run.random.nextInt(3)];
    run.note("move %d bytes to %s", file.content.size, target);
    if (file.type == FileType.REGULAR && file.alive()) {
      run.rig.commit(run.inode(file));
      run.model.commit(file);
      run.rig.fs().lifecycle().move(run.inode(file), target, Pace.UNLIMITED);
      moved(file);
      run.check(file);
    }
  }

  /** A move commits what was written before it, and the model is not told: a clean file is. */
  void committed(Node file) {
    if (file.durable.isPresent() && !run.inode(file).dirty()) {
      file.durable = Optional.empty();
    }
  }

  /** Whether there can be holes in a small file depends on whether it ever left its inode. */
  private void moved(Node file) {
    if (file.type == FileType.REGULAR && file.alive()) {
      boolean inline = run.inode(file).state().layout().inline();
      file.content.inInode(inline);
      file.durable.ifPresent(content -> content.inInode(inline));
    }
  }

  /** All classes together hold what the model holds, but for what small cold files are billed. */
  void checkUsage(long metered) {
    Usage usage = run.rig.fs().usage();
    long billed = usage.infrequentAccess().overheadBytes() + usage.archive().overheadBytes();
    assertThat(usage.meteredBytes() - billed).as(run.step).isEqualTo(metered);
    assertThat(usage.inodes()).as(run.step).isEqualTo(run.model.inodes());
  }

  /** Looks a name up. */
  void lookup() {
    Node directory = run.any(FileType.DIRECTORY);
    Credentials who = run.choice.someone();
    String name = run.existing(directory);
    run.note("lookup %s by %s", name, who);
    run.both(
            who,
            () -> run.model.lookup(who, directory, name),
            operation ->
                run.rig.fs().lookup(operation, run.inode(directory), FileSystemRig.name(name)))
        .ifPresent(found -> assertThat(found).isSameAs(run.inode(directory.entries.get(name))));
  }

  /** Nothing is left in cold places of files that are in Standard, or gone. */
  void checkPlaces() throws FsException {
    run.rig.fs().lifecycle().rules(Rules.NONE);
    Set<Long> moved = new HashSet<>();
    for (Node node : run.nodes()) {
      if (node.type == FileType.REGULAR && node.alive()) {
        run.rig.fs().lifecycle().move(run.inode(node), StorageClass.STANDARD, Pace.UNLIMITED);
        moved.add(run.inode(node).ino());
      }
    }
    run.rig.runBackground();
    for (StorageClass each : EnumSet.complementOf(EnumSet.of(StorageClass.STANDARD))) {
      assertThat(run.rig.cold(each).chunks().keySet())
          .as(run.step)
          .noneMatch(chunk -> moved.contains(chunk.ino()));
    }
    assertThat(run.rig.fs().lifecycle().status().failures()).isZero();
    FileSystemRig rig = run.rig;
    assertThat(rig.check()).isEmpty();
  }
}
