package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static tidefs.testkit.FileSystemRig.name;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tidefs.testkit.FileSystemRig;
import tidefs.testkit.FsModel.Node;
import tidefs.testkit.FsModelExtensions;

/** Random operations that EFS does not have: holes and extended attributes. */
final class ModelExtensions {
  private static final long SHORT_BYTES = 20_000;
  private static final long LONG_BYTES = 9L << 20;

  private final ModelRun run;

  ModelExtensions(ModelRun run) {
    this.run = run;
  }

  void step() {
    switch (run.random.nextInt(11)) {
      case 0, 1, 2 -> punch();
      case 3 -> seek();
      case 4 -> allocate();
      case 5, 6 -> setXattr();
      case 7, 8, 9 -> cloneRange();
      default -> readXattrs();
    }
  }

  private long length() {
    long most = run.random.nextInt(6) == 0 ? LONG_BYTES : SHORT_BYTES;
    long length = run.random.nextLong(most);
    return run.random.nextBoolean() ? length & -4_096 : length;
  }

  private long offset(Node file) {
    long offset = run.choice.offset(file);
    return run.random.nextBoolean() ? offset & -4_096 : offset;
  }

  private void punch() {
    Node file = run.any(FileType.REGULAR);
    Credentials who = run.choice.someone();
    long offset = offset(file);
    long length = run.random.nextInt(4) == 0 ? Math.max(0, file.content.size - offset) : length();
    run.note("punch %d at %d of %d by %s", length, offset, file.content.size, who);
    run.both(
        who,
        () -> ModelRun.done(() -> FsModelExtensions.punch(who, file, offset, length)),
        operation -> {
          run.rig.fs().punchHole(operation, run.inode(file), offset, length);
          return true;
        });
    run.check(file);
  }

  private void cloneRange() {
    Node source = run.any(FileType.REGULAR);
    Node target = run.random.nextInt(4) == 0 ? source : run.any(FileType.REGULAR);
    Credentials who = run.choice.someone();
    boolean wrong = run.random.nextInt(12) == 0;
    long from = run.random.nextBoolean() ? 0 : run.choice.offset(source) & (wrong ? -1 : -4_096);
    boolean small = target.content.size < LONG_BYTES; // Else files would grow without end.
    long to = small && run.random.nextBoolean() ? run.choice.offset(target) & -4_096 : 0;
    long left = Math.max(0, source.content.size - from);
    long part = run.random.nextLong(left + 1) & (wrong ? -1 : -4_096);
    long count =
        switch (run.random.nextInt(3)) {
          case 0 -> 0;
          case 1 -> left;
          default -> part;
        };
    run.note(
        "clone %d at %d of %d to %d of %d in %s by %s",
        count,
        from,
        source.content.size,
        to,
        target.content.size,
        source == target ? "the same" : "another",
        who);
    run.both(
        who,
        () -> ModelRun.done(() -> FsModelExtensions.clone(who, source, target, from, to, count)),
        operation ->
            run.rig
                .fs()
                .clone(
                    operation,
                    run.inode(source),
                    run.inode(target),
                    new CloneRange(from, to, count)));
    run.check(source);
    run.check(target);
  }

  private void allocate() {
    Node file = run.any(FileType.REGULAR);
    Credentials who = run.choice.someone();
    long offset = offset(file);
    long length = length();
    run.note("allocate %d at %d by %s", length, offset, who);
    run.both(
        who,
        () -> ModelRun.done(() -> FsModelExtensions.allocate(who, file, offset, length)),
        operation -> {
          run.rig.fs().allocate(operation, run.inode(file), offset, length);
          return true;
        });
    run.check(file);
  }

  private void seek() {
    Node file = run.any(FileType.REGULAR);
    long offset = offset(file);
    boolean data = run.random.nextBoolean();
    run.note("seek %s from %d", data ? "data" : "hole", offset);
    run.both(
            Credentials.ROOT,
            () -> ModelRun.done(() -> FsModelExtensions.checkSeek(file, offset)),
            operation -> run.rig.fs().seek(operation, run.inode(file), offset, data))
        .ifPresent(
            found -> assertThat(found).as(run.step).isEqualTo(file.content.seek(offset, data)));
  }

  private void setXattr() {
    Node node = run.any(FileType.REGULAR);
    Credentials who = run.choice.someone();
    String name = "x" + run.random.nextInt(6);
    XattrExistence existence = XattrExistence.values()[run.random.nextInt(3)];
    if (run.random.nextInt(3) == 0) {
      run.note("remove attribute %s by %s", name, who);
      run.both(
          who,
          () ->
              ModelRun.done(() ->
                  FsModelExtensions.setXattr(
                      who, node, name, Optional.empty(), XattrExistence.PRESENT)),
          operation -> run.rig.fs().removeXattr(operation, run.inode(node), name(name)));
    } else {
      byte[] value = new byte[run.random.nextInt(run.random.nextInt(4) == 0 ? 66_000 : 100)];
      run.random.nextBytes(value);
      run.note("set attribute %s to %d bytes, %s, by %s", name, value.length, existence, who);
      run.both(
          who,
          () ->
              ModelRun.done(
                  () -> FsModelExtensions.setXattr(who, node, name, Optional.of(value), existence)),
          operation ->
              run.rig.fs().setXattr(operation, run.inode(node), name(name), value, existence));
    }
    run.check(node);
  }

  private void readXattrs() {
    Node node = run.any();
    Credentials who = run.choice.someone();
    Optional<String> name =
        run.random.nextBoolean() ? Optional.of("x" + run.random.nextInt(6)) : Optional.empty();
    run.note("read attribute %s by %s", name, who);
    if (name.isPresent()) {
      run.both(
              who,
              () -> FsModelExtensions.xattr(who, node, name),
              operation -> run.rig.fs().xattr(operation, run.inode(node), name(name.get())))
          .ifPresent(
              value -> assertThat(value).as(run.step).isEqualTo(node.xattrs.get(name.get())));
    } else {
      run.both(
              who,
              () -> FsModelExtensions.xattr(who, node, name),
              operation -> list(operation, node))
          .ifPresent(all -> assertThat(all.keySet()).as(run.step).isEqualTo(node.xattrs.keySet()));
    }
  }

  private Map<String, Long> list(Operation operation, Node node) throws FsException {
    Map<String, Long> all = new TreeMap<>();
    long[] cookie = new long[1];
    boolean end = false;
    while (!end) {
      int[] room = {2};
      end =
          run.rig
              .fs()
              .listXattrs(
                  operation,
                  run.inode(node),
                  cookie[0],
                  (at, name) -> {
                    if (room[0]-- == 0) {
                      return false;
                    }
                    cookie[0] = at;
                    all.put(new String(name, StandardCharsets.UTF_8), at);
                    return true;
                  });
    }
    return all;
  }

  /** Compares all extended attributes. */
  void checkXattrs(Node node) throws FsException {
    for (Map.Entry<String, byte[]> each : node.xattrs.entrySet()) {
      byte[] value = run.rig.fs().xattr(FileSystemRig.root(), run.inode(node), name(each.getKey()));
      assertThat(value).as(run.step).isEqualTo(each.getValue());
    }
  }
}
