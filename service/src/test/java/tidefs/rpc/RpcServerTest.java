package tidefs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static tidefs.rpc.Messages.call;
import static tidefs.rpc.Messages.join;
import static tidefs.rpc.Messages.record;
import static tidefs.rpc.Messages.reply;
import static tidefs.rpc.Messages.words;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidefs.base.Clock;
import tidefs.testkit.LeakGuard;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

@ExtendWith(LeakGuard.class)
class RpcServerTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final TestProgram program = new TestProgram();
  private RpcServer server = server(Limits.DEFAULTS, Transport.best());

  private RpcServer server(Limits limits, Transport transport) {
    assumeThat(transport.isAvailable()).isTrue();
    return new RpcServer(List.of(program), limits, TlsPolicy.REFUSE, Clock.system(), 2, transport);
  }

  private InetSocketAddress serve(Limits limits) throws BindFailure {
    server.close();
    server = server(limits, Transport.best());
    return server.bind(ANY_PORT);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void pipelinedCallsOfEverySizeAreAnswered(Transport transport) throws Exception {
    server.close();
    server = server(Limits.DEFAULTS, transport);
    InetSocketAddress address = server.bind(ANY_PORT);
    var random = new SplittableRandom(11);
    List<byte[]> payloads = new ArrayList<>();
    for (int xid = 0; xid < 200; xid++) {
      byte[] payload = new byte[xid % 20 == 0 ? 1 << 20 : 4 * random.nextInt(2000)];
      random.nextBytes(payload);
      payloads.add(payload);
    }
    try (Client client = new Client(address)) {
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(() -> {
            try {
              for (int xid = 0; xid < payloads.size(); xid++) {
                client.send(record(call(xid, TestProgram.ECHO, payloads.get(xid))));
              }
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      for (int xid = 0; xid < payloads.size(); xid++) {
        assertThat(client.receive()).isEqualTo(reply(xid, payloads.get(xid)));
      }
      sent.get(10, TimeUnit.SECONDS);
      Connection connection = program.opened.get(0);
      await().untilAsserted(() -> assertThat(connection.calls()).isEqualTo(200));
      assertThat(connection.bytesIn()).isGreaterThan(10 << 20);
      assertThat(connection.bytesOut()).isGreaterThan(10 << 20);
      assertThat(connection.localAddress()).isEqualTo(address);
    }
    assertThat(server.connections()).hasSizeLessThan(2);
  }

  @Test
  void repliesMayComeFromOtherThreadsInAnyOrder() throws Exception {
    InetSocketAddress address = server.bind(ANY_PORT);
    try (ExecutorService workers = Executors.newFixedThreadPool(3);
        Client client = new Client(address)) {
      int calls = 500;
      for (int xid = 0; xid < calls; xid++) {
        int how = xid % 3 == 0 ? TestProgram.HOLD : TestProgram.DEFER;
        client.send(record(call(xid, how, words(xid))));
      }
      await().until(() -> program.deferred.size() == calls);
      List<RpcCall> shuffled = new ArrayList<>(program.deferred);
      Collections.shuffle(shuffled, new SplittableRandom(3));
      for (RpcCall call : shuffled) {
        workers.execute(() -> {
          if (call.procedure() == TestProgram.DEFER) {
            TestProgram.echo(call);
          }
          call.send();
        });
      }
      Set<Integer> answered = new HashSet<>();
      for (int i = 0; i < calls; i++) {
        byte[] record = client.receive();
        int xid = java.nio.ByteBuffer.wrap(record).getInt();
        assertThat(record).isEqualTo(reply(xid, words(xid)));
        answered.add(xid);
      }
      assertThat(answered).hasSize(calls);
    }
  }

  @Test
  void addressesComeAndGo() throws Exception {
    InetSocketAddress first = server.bind(ANY_PORT);
    InetSocketAddress second = server.bind(ANY_PORT);
    assertThat(server.addresses()).containsExactlyInAnyOrder(first, second);
    try (Client one = new Client(first);
        Client two = new Client(second)) {
      one.send(record(call(1, TestProgram.ECHO, words(1))));
      two.send(record(call(2, TestProgram.ECHO, words(2))));
      assertThat(one.receive()).isEqualTo(reply(1, words(1)));
      assertThat(two.receive()).isEqualTo(reply(2, words(2)));
      server.unbind(first);
      assertThat(one.isClosedByServer()).isTrue();
      assertThatThrownBy(() -> new Client(first)).isInstanceOf(IOException.class);
      two.send(record(call(3, TestProgram.ECHO, words(3))));
      assertThat(two.receive()).isEqualTo(reply(3, words(3)));
    }
    assertThat(server.bind(first)).isEqualTo(first);
  }

  @Test
  void addressThatIsTakenIsRefusedWithItsReason() throws Exception {
    InetSocketAddress address = server.bind(ANY_PORT);
    assertThatThrownBy(() -> server.bind(address))
        .isInstanceOf(BindFailure.class)
        .hasMessageContaining("127.0.0.1 port " + address.getPort())
        .hasMessageContaining("in use");
  }

  @Test
  void stopLetsCallsInFlightEnd() throws Exception {
    InetSocketAddress address = server.bind(ANY_PORT);
    try (Client client = new Client(address)) {
      client.send(record(call(1, TestProgram.DEFER, words(1))));
      await().until(() -> program.deferred.size() == 1);
      CompletableFuture<Void> stopped =
          CompletableFuture.runAsync(() -> server.stop(Duration.ofSeconds(10)));
      await().until(() -> connectionRefused(address));
      assertThat(stopped).isNotDone();
      RpcCall call = program.deferred.get(0);
      TestProgram.echo(call);
      call.send();
      assertThat(client.receive()).isEqualTo(reply(1, words(1)));
      assertThat(client.isClosedByServer()).isTrue();
      stopped.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void stopDoesNotWaitForEver() throws Exception {
    InetSocketAddress address = server.bind(ANY_PORT);
    try (Client client = new Client(address)) {
      client.send(record(call(1, TestProgram.DEFER, words(1))));
      await().until(() -> program.deferred.size() == 1);
      server.stop(Duration.ofMillis(100));
      assertThat(client.isClosedByServer()).isTrue();
      program.deferred.get(0).systemError();
    }
  }

  @Test
  void peerThatNeverReadsIsReadNoFurther() throws Exception {
    InetSocketAddress address = serve(Limits.DEFAULTS.withReplyBytes(1 << 20, 1 << 19));
    int blob = 1 << 20;
    try (Client client = new Client(address)) {
      byte[] one = record(call(1, TestProgram.BLOB, words(blob)));
      byte[][] calls = Collections.nCopies(600, one).toArray(byte[][]::new);
      long before = directMemory();
      client.send(calls);
      await().until(() -> server.counters().pauses() > 0);
      Connection connection = program.opened.get(0);
      long settled = settled(connection);
      assertThat(settled).isLessThan(100);
      assertThat(directMemory() - before).isLessThan(64L << 20);
      byte[] expected = reply(1, join(words(blob), new byte[blob]));
      for (int i = 0; i < calls.length; i++) {
        byte[] received = client.receive();
        if (i % 100 == 0) {
          assertThat(received).isEqualTo(expected);
        }
      }
      await().untilAsserted(() -> assertThat(connection.calls()).isEqualTo(calls.length));
    }
  }

  /** Calls handled once their number no longer changes. */
  private static long settled(Connection connection) {
    var last = new long[] {-1};
    await()
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          long now = connection.calls();
          boolean same = now == last[0];
          last[0] = now;
          return same;
        });
    return last[0];
  }

  private static long directMemory() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  @Test
  void recordThatTrickilyArrivesEndsTheConnection() throws Exception {
    InetSocketAddress address = serve(Limits.DEFAULTS.withRecordTime(Duration.ofMillis(150)));
    try (Client slow = new Client(address);
        Client idle = new Client(address);
        Client markOnly = new Client(address)) {
      idle.send(record(call(1, TestProgram.ECHO, words(1))));
      assertThat(idle.receive()).isEqualTo(reply(1, words(1)));
      slow.send(join(record(call(1, TestProgram.ECHO, words(1))), words(0x8000_0064, 1)));
      assertThat(slow.receive()).isEqualTo(reply(1, words(1)));
      markOnly.send(new byte[] {(byte) 0x80});
      assertThat(slow.isClosedByServer()).isTrue();
      assertThat(markOnly.isClosedByServer()).isTrue();
      assertThat(server.counters().recordsRefused()).isEqualTo(2);
      idle.send(record(call(2, TestProgram.ECHO, words(2))));
      assertThat(idle.receive()).isEqualTo(reply(2, words(2)));
    }
  }

  @Test
  void connectionsAboveTheLimitAreClosed() throws Exception {
    InetSocketAddress address = serve(Limits.DEFAULTS.withConnections(1));
    try (Client first = new Client(address)) {
      first.send(record(call(1, TestProgram.ECHO, words(1))));
      assertThat(first.receive()).isEqualTo(reply(1, words(1)));
      try (Client second = new Client(address)) {
        assertThat(second.isClosedByServer()).isTrue();
      }
      assertThat(server.counters().connectionsRefused()).isEqualTo(1);
    }
    await().until(() -> server.connections().isEmpty());
    try (Client third = new Client(address)) {
      third.send(record(call(3, TestProgram.ECHO, words(3))));
      assertThat(third.receive()).isEqualTo(reply(3, words(3)));
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void callsSentBeforeTheClientClosesItsHalfAreAnswered(Transport transport) throws Exception {
    server.close();
    server = server(Limits.DEFAULTS, transport);
    InetSocketAddress address = server.bind(ANY_PORT);
    try (Client client = new Client(address)) {
      client.send(record(call(1, TestProgram.ECHO, words(1))));
      client.send(record(call(2, TestProgram.DEFER, words(2))));
      client.socket.shutdownOutput();
      assertThat(client.receive()).isEqualTo(reply(1, words(1)));
      await().until(() -> program.deferred.size() == 1);
      RpcCall later = program.deferred.get(0);
      TestProgram.echo(later);
      later.send();
      assertThat(client.receive()).isEqualTo(reply(2, words(2)));
      assertThat(client.isClosedByServer()).isTrue();
    }
    await().until(() -> server.connections().isEmpty());
  }

  @Test
  void tlsHandshakeIsRefused() throws Exception {
    InetSocketAddress address = server.bind(ANY_PORT);
    try (Client client = new Client(address)) {
      client.send(new byte[] {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0});
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void closeListenersAreToldOnce() throws Exception {
    InetSocketAddress address = server.bind(ANY_PORT);
    var told = new LinkedBlockingQueue<String>();
    try (Client client = new Client(address)) {
      client.send(record(call(1, TestProgram.ECHO, words(1))));
      assertThat(client.receive()).isEqualTo(reply(1, words(1)));
      program.opened.get(0).onClose(() -> told.add("closed"));
    }
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("closed");
    assertThat(told).isEmpty();
  }

  private static boolean connectionRefused(InetSocketAddress address) {
    try (Client _ = new Client(address)) {
      return false;
    } catch (IOException refused) {
      return true;
    }
  }

  @Test
  void serverCallsItsClientOverTheSameConnection() throws Exception {
    InetSocketAddress address = server.bind(ANY_PORT);
    var outcomes = new LinkedBlockingQueue<String>();
    var target =
        new CallbackTarget(0x40000000, 1, 1, new AuthSys("server", 0, 0), Duration.ofMillis(300));
    try (Client client = new Client(address)) {
      client.send(record(call(1, TestProgram.ECHO, words(1))));
      client.receive();
      Connection connection = program.opened.get(0);
      List<byte[]> answers =
          List.of(words(1, 0, 0, 0, 0, 42), words(1, 0, 0, 0, 0), words(1, 0, 0, 0), words(1, 1));
      for (byte[] answer : answers) {
        connection.call(target, out -> out.int32(7), new Outcome(outcomes));
        byte[] sent = client.receive();
        byte[] xid = java.util.Arrays.copyOf(sent, 4);
        byte[] expected =
            join(
                xid,
                words(0, 2, 0x40000000, 1, 1, 1, 28, 0, 6),
                Messages.hex("7365727665720000"),
                words(0, 0, 0, 0, 0, 7));
        assertThat(sent).isEqualTo(expected);
        client.send(record(join(xid, answer)));
      }
      assertThat(outcomes.poll(10, TimeUnit.SECONDS)).isEqualTo("42");
      assertThat(outcomes.poll(10, TimeUnit.SECONDS)).isEqualTo("GARBAGE");
      assertThat(outcomes.poll(10, TimeUnit.SECONDS)).isEqualTo("GARBAGE");
      assertThat(outcomes.poll(10, TimeUnit.SECONDS)).isEqualTo("DENIED");
      connection.call(target, out -> out.int32(7), new Outcome(outcomes));
      assertThat(outcomes.poll(10, TimeUnit.SECONDS)).isEqualTo("TIMED_OUT");
      connection.call(target, out -> out.int32(7), new Outcome(outcomes));
      client.receive();
      client.receive();
    }
    assertThat(outcomes.poll(10, TimeUnit.SECONDS)).isEqualTo("CLOSED");
  }

  private record Outcome(LinkedBlockingQueue<String> outcomes) implements ReplyHandler {
    @Override
    public void replied(XdrReader results) {
      try {
        outcomes.add(String.valueOf(results.int32()));
      } catch (XdrException malformed) {
        outcomes.add("GARBAGE");
      }
    }

    @Override
    public void failed(Failure why) {
      outcomes.add(why.name());
    }
  }
}
