package tidefs.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidefs.base.Clock;

/** One connection at work. */
final class Worker implements AutoCloseable {
  private final Session session;
  private final Load load;
  private final Clock clock;
  private final Consumer<String> out;
  private final int number;
  private final byte[] directory;

  /** Connects; the directory to work in is made if it is not there. */
  Worker(
      InetSocketAddress server,
      Load load,
      Clock clock,
      int number,
      String run,
      Consumer<String> out)
      throws IOException {
    this.load = load;
    this.clock = clock;
    this.number = number;
    this.out = out;
    session = new Session(server, run + "-" + number, load.depth(), load.ioBytes());
    session.begin(0, 2).int32(Code.PUTROOTFH).getFh();
    byte[] at = session.answer().handle;
    for (String name : load.path().split("/", -1)) {
      if (!name.isEmpty()) {
        at = enter(at, name);
      }
    }
    directory = at;
  }

  /** The directory {@code name}, made if it is not there. */
  private byte[] enter(byte[] parent, String name) {
    session.begin(0, 3).putFh(parent).lookup(name).getFh();
    session.flush();
    Reply found = session.next();
    if (found.status == Code.OK) {
      return found.handle;
    }
    session
        .begin(0, 2)
        .putFh(parent)
        .int32(Code.CREATE)
        .int32(2)
        .text(name)
        .bitmap(new int[] {0, 1 << 1})
        .int32(Integer.BYTES)
        .int32(0755);
    session.flush();
    Reply made = session.next();
    if (made.status != Code.OK && made.status != Code.EXIST) {
      throw new BenchFailure("the directory cannot be made: status " + made.status);
    }
    session.begin(0, 3).putFh(parent).lookup(name).getFh();
    return session.answer().handle;
  }

  /** A directory of this connection's alone. */
  byte[] own(String name) {
    return enter(directory, name + number);
  }

  /** Opens the file {@code name} of this connection, or makes it. */
  Reply openFile(String name, boolean create) {
    session
        .begin(0, 3)
        .putFh(directory)
        .open(session.client, "file", name + number, create, Code.SHARE_BOTH)
        .getFh();
    return session.answer();
  }

  /** Removes the file {@code name} of this connection. */
  void remove(String name) {
    session.begin(0, 2).putFh(directory).int32(Code.REMOVE).text(name + number);
    Reply _ = session.answer();
  }

  Session session() {
    return session;
  }

  /** Does {@code task} until it ends, or until {@code deadlineNanos}. */
  Result work(Task task, long deadlineNanos) {
    Result result = new Result();
    long[] begun = new long[load.depth()];
    int active = 0;
    long reportedAt = clock.monotonicNanos();
    long done = 0;
    for (int slot = 0; slot < load.depth() && task.begin(slot); slot++) {
      begun[slot] = clock.monotonicNanos();
      active++;
    }
    while (active > 0) {
      session.flush();
      @Nullable Reply reply = session.next();
      while (reply != null) {
        if (task.answered(reply)) {
          long now = clock.monotonicNanos();
          int slot = reply.slot;
          result.done(now - begun[slot], reply);
          begun[slot] = now;
          if (load.reportEvery() > 0 && ++done % load.reportEvery() == 0) {
            report(done, now - reportedAt);
            reportedAt = now;
          }
          if (now >= deadlineNanos || !task.begin(slot)) {
            active--;
          }
        }
        reply = session.poll();
      }
    }
    task.end();
    result.ended(task);
    return result;
  }

  private void report(long done, long nanos) {
    double rate = load.reportEvery() * 1e9 / nanos;
    out.accept(
        String.format(
            Locale.ROOT,
            "{\"connection\":%d,\"done\":%d,\"ops_s_lately\":%.1f}",
            number,
            done,
            rate));
  }

  @Override
  public void close() throws IOException {
    session.close();
  }
}
