package tidefs.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.testkit.Compound;
import tidefs.testkit.CompoundResult;
import tidefs.testkit.NfsFailure;
import tidefs.testkit.OpenFile;

/** Works on names that others work on too, and notes every call with its answer. */
final class NameWorker extends Worker {
  static final int NAMES = 4;

  private final History history;
  private final LinearizabilityRun.Files files;
  private final AtomicLong tags;
  private @Nullable FileHandle directory;
  private String doing = "nothing";

  NameWorker(Setup setup, History history, LinearizabilityRun.Files files, AtomicLong tags) {
    super(setup);
    this.history = history;
    this.files = files;
    this.tags = tags;
  }

  @Override
  String doing() {
    return doing;
  }

  @Override
  void prepare() throws IOException {
    directory = client().root();
  }

  @Override
  void reclaim() {
    // Nothing stays open.
  }

  @Override
  void verify() {
    // The history is checked as a whole.
  }

  private FileHandle directory() {
    FileHandle known = directory;
    if (known == null) {
      throw new IllegalStateException("not prepared");
    }
    return known;
  }

  @Override
  void step() throws IOException {
    int name = random.nextInt(NAMES);
    int other = (name + 1 + random.nextInt(NAMES - 1)) % NAMES;
    long file = files.recent(random);
    switch (random.nextInt(file == 0 ? 5 : 10)) {
      case 0, 1 -> create(name);
      case 2 -> remove(name);
      case 3 -> rename(name, other);
      case 4, 5 -> lookup(name);
      case 6 -> link(file, name);
      case 7, 8 -> write(file);
      default -> read(file);
    }
  }

  private void create(int name) throws IOException {
    OpenFile[] made = new OpenFile[1];
    // If the answer never comes, the file is known by a number that no other has.
    perform(
        new History.Call(History.Kind.CREATE, name, 0, 0, -tags.incrementAndGet()),
        () -> {
          made[0] = client().create(directory(), text(name), 0644);
          return new History.Answer(Status.OK, files.number(made[0].handle()), 0);
        });
    if (made[0] != null) {
      close(made[0]);
    }
  }

  private void close(OpenFile file) throws IOException {
    try {
      client().close(file);
    } catch (NfsFailure e) {
      // Removed by another client before the open took hold of it.
      require(e.status() == Status.STALE, "CLOSE was answered " + e.status());
    }
  }

  private void remove(int name) throws IOException {
    perform(
        new History.Call(History.Kind.REMOVE, name, 0, 0, 0),
        () -> plain(at(directory()).remove(text(name))));
  }

  private void rename(int name, int other) throws IOException {
    perform(
        new History.Call(History.Kind.RENAME, name, other, 0, 0),
        () -> plain(at(directory()).saveFh().putFh(directory()).rename(text(name), text(other))));
  }

  private void link(long file, int name) throws IOException {
    perform(
        new History.Call(History.Kind.LINK, name, 0, file, 0),
        () -> plain(at(files.handle(file)).saveFh().putFh(directory()).link(text(name))));
  }

  private void lookup(int name) throws IOException {
    perform(
        new History.Call(History.Kind.LOOKUP, name, 0, 0, 0),
        () ->
            new History.Answer(
                Status.OK, files.number(client().lookup(directory(), text(name))), 0));
  }

  private void write(long file) throws IOException {
    long value = tags.incrementAndGet();
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    perform(
        new History.Call(History.Kind.WRITE, 0, 0, file, value),
        () ->
            plain(at(files.handle(file)).write(StateId.ANONYMOUS, 0, Stability.FILE_SYNC, bytes)));
  }

  private void read(long file) throws IOException {
    perform(
        new History.Call(History.Kind.READ, 0, 0, file, 0),
        () -> {
          var data =
              client()
                  .wire()
                  .call(at(files.handle(file)).read(StateId.ANONYMOUS, 0, Long.BYTES))
                  .ok()
                  .last(CompoundResult.Data.class);
          return new History.Answer(Status.OK, 0, LinearizabilityRun.value(data.bytes()));
        });
  }

  private History.Answer plain(Compound compound) throws IOException {
    client().wire().call(compound).ok();
    return new History.Answer(Status.OK, 0, 0);
  }

  private void perform(History.Call call, Call<History.Answer> action) throws IOException {
    doing = call.toString();
    history.begin(call);
    History.Answer answer =
        patiently(() -> {
          try {
            return action.run();
          } catch (NfsFailure e) {
            return switch (e.status()) {
              case NOENT, EXIST, STALE -> new History.Answer(e.status(), 0, 0);
              default -> throw e;
            };
          }
        });
    history.end(call, answer);
  }

  private Compound at(FileHandle handle) {
    return client().wire().compound().putFh(handle);
  }

  private static String text(int name) {
    return "name" + name;
  }
}
