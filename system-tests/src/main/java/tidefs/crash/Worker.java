package tidefs.crash;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.Status;
import tidefs.testkit.Compound;
import tidefs.testkit.CompoundResult;
import tidefs.testkit.Credentials;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsFailure;
import tidefs.testkit.NfsWire;
import tidefs.testkit.RpcSocket;

/**
 * A client with a connection of its own that works until the server dies, and, when it is back,
 * asks for all that it was promised. One thread at a time.
 */
abstract class Worker implements AutoCloseable {
  private static final int CONNECT_TRIES = 400;

  /** So long no machine is busy: what has not answered then hangs. */
  private static final int ANSWER_MILLIS = 90_000;

  private static final long PAUSE_MILLIS = 50;
  private static final int PATIENCE_TRIES = 600;
  private static final long RENEW_NANOS = TimeUnit.SECONDS.toNanos(1);

  final String name;
  final Random random;
  final AtomicLong acknowledged;
  private final InetSocketAddress address;
  private final int minorVersion;
  private final int longestPauseMillis;
  private @Nullable NfsClient client;
  private @Nullable Compound lastChange;
  private volatile boolean serverDies;
  private long renewed;

  /**
   * Who works, where, and with which randomness.
   *
   * @param longestPauseMillis how long it rests at most between two steps; 0 for not at all
   */
  record Setup(
      String name,
      InetSocketAddress address,
      int minorVersion,
      long seed,
      AtomicLong count,
      int longestPauseMillis) {}

  Worker(Setup setup) {
    name = setup.name() + " on 4." + setup.minorVersion();
    random = new Random(setup.seed());
    acknowledged = setup.count();
    address = setup.address();
    minorVersion = setup.minorVersion();
    longestPauseMillis = setup.longestPauseMillis();
  }

  /** Something that talks to the server. */
  interface Call<T> {
    T run() throws IOException;
  }

  /** The same, without a result. */
  interface Action {
    void run() throws IOException;
  }

  /** Makes what the work needs; called once. */
  abstract void prepare() throws IOException;

  /** Reclaims opens and locks, in the grace period. */
  abstract void reclaim() throws IOException;

  /** Compares what the server has with what it acknowledged, and mends what it may have lost. */
  abstract void verify() throws IOException;

  /** Does one thing. */
  abstract void step() throws IOException;

  /** Connects for the first time. */
  final void connect() throws IOException {
    NfsWire wire = connected();
    wire.establish();
    wire.reclaimComplete();
    client = NfsClient.over(wire);
    prepare();
  }

  private NfsWire connected() throws IOException {
    for (int i = 0; ; i++) {
      try {
        return new NfsWire(
            () -> new RpcSocket(address, ANSWER_MILLIS), minorVersion, Credentials.ROOT, name, 1);
      } catch (ConnectException e) {
        pauseBefore(i, CONNECT_TRIES, e);
      }
    }
  }

  /** Finds the server again after it was restarted, and checks it. */
  final void recover() throws IOException {
    serverDies = false;
    NfsWire wire = client().wire();
    for (int i = 0; ; i++) {
      try {
        wire.reconnect();
        break;
      } catch (ConnectException e) {
        pauseBefore(i, CONNECT_TRIES, e);
      }
    }
    refuseReplay(wire);
    wire.establish();
    reclaim();
    wire.reclaimComplete();
    verify();
    outlastGrace();
  }

  /** Returns when new opens are granted, so that the next kill meets work. */
  private void outlastGrace() throws IOException {
    patiently(() -> {
      NewAttributes mode = NewAttributes.none().mode(0644);
      client().close(client().openOrCreate(client().root(), "new opens", mode));
      return true;
    });
  }

  /** The old session is gone: what it asked for must not be done by way of it now. */
  private void refuseReplay(NfsWire wire) throws IOException {
    Compound last = lastChange;
    lastChange = null;
    if (last != null) {
      Status status = wire.call(last).status();
      require(
          status == Status.BADSESSION || status == Status.DEADSESSION,
          "a request of a session before the restart was answered " + status);
    }
  }

  /** Works until the connection breaks, which it may once {@link #serverDies()}. */
  final void work() {
    try {
      while (true) {
        step();
        rest();
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError(name + ": no answer in time to " + doing(), e);
    } catch (IOException e) {
      require(serverDies, "the connection broke, and nobody killed the server: " + e);
    }
  }

  private void rest() throws IOException {
    if (longestPauseMillis > 0) {
      sleep(random.nextInt(longestPauseMillis));
      renew();
    }
  }

  /** From now on the connection may break. */
  final void serverDies() {
    serverDies = true;
  }

  final NfsClient client() {
    NfsClient connected = client;
    if (connected == null) {
      throw new IllegalStateException("not connected");
    }
    return connected;
  }

  final int minorVersion() {
    return minorVersion;
  }

  /** Calls again as long as the server asks for patience. */
  final <T> T patiently(Call<T> call) throws IOException {
    for (int i = 0; ; i++) {
      try {
        T result = call.run();
        acknowledged.incrementAndGet();
        return result;
      } catch (NfsFailure e) {
        if (e.status() != Status.GRACE && e.status() != Status.DELAY) {
          throw new AssertionError(name + ": " + doing(), e);
        }
        pauseBefore(i, PATIENCE_TRIES, e);
        renew();
      }
    }
  }

  /** Renews the lease, as kernels do, if it is time to. Between two steps. */
  final void renew() throws IOException {
    long now = System.nanoTime();
    if (now - renewed > RENEW_NANOS) {
      renewed = now;
      client().wire().renew();
    }
  }

  /**
   * Sends a change, leaves the connection before the reply, sends it once more on another: the
   * reply must be the first one, and the change done once. Only in 4.1, where sessions say so.
   */
  final void callTwice(Supplier<Compound> changes) throws IOException {
    NfsWire wire = client().wire();
    Compound change = changes.get();
    wire.send(change);
    wire.reconnect();
    for (int i = 0; ; i++) {
      lastChange = change;
      CompoundResult result = wire.call(change);
      if (result.status() == Status.OK) {
        acknowledged.incrementAndGet();
        return;
      }
      require(
          result.status() == Status.DELAY || result.status() == Status.GRACE,
          doing() + " sent twice was answered " + result);
      pauseBefore(i, PATIENCE_TRIES, new IOException("DELAY for ever"));
      if (result.results().size() > 1) { // The refusal itself is remembered: ask anew.
        change = changes.get();
      }
    }
  }

  /** What is under way, for messages. */
  abstract String doing();

  final void require(boolean condition, String text) {
    if (!condition) {
      throw new AssertionError(name + ": " + text);
    }
  }

  private static <E extends Exception> void pauseBefore(int tried, int tries, E failure) throws E {
    if (tried >= tries) {
      throw failure;
    }
    sleep(PAUSE_MILLIS);
  }

  private static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public final void close() throws IOException {
    NfsClient connected = client;
    if (connected != null) {
      connected.close();
    }
  }
}
