package tidefs.nfs4;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidefs.nfs4.op.Copy;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Limits;
import tidefs.nfs4.state.Volume;
import tidefs.testkit.CallbackCall;
import tidefs.testkit.Compound;
import tidefs.testkit.Credentials;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsWire;
import tidefs.testkit.OpenFile;
import tidefs.testkit.XdrIn;
import tidefs.testkit.XdrOut;

/** Copies that go on after they were answered, end to end over loopback sockets. */
final class OffloadTest extends ServedTest {
  private static final int PIECE = 4 * MIB;
  private static final int CB_OFFLOAD = 15;

  private NfsClient client;
  private OpenFile source;
  private OpenFile target;
  private byte[] data;

  @BeforeEach
  void connect() throws Exception {
    client = NfsClient.connectWithBackChannel(served.address(), 2, Credentials.ROOT, "a");
    data = new byte[40 * MIB];
    source = client.create(client.root(), "source", 0644);
    for (int at : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 39}) {
      Arrays.fill(data, at * MIB, (at + 1) * MIB, (byte) (at + 1));
      byte[] part = Arrays.copyOfRange(data, at * MIB, (at + 1) * MIB);
      client.write(source, (long) at * MIB, Stability.UNSTABLE, part);
    }
    client.commit(source.handle());
    target = client.create(client.root(), "target", 0644);
  }

  @AfterEach
  void disconnect() throws Exception {
    client.close();
  }

  /** Holds copies back: each piece asks here whether the next may come. */
  private static final class Gate implements Throttle {
    private final LinkedBlockingQueue<CompletableFuture<Void>> held = new LinkedBlockingQueue<>();

    @Override
    public CompletableFuture<Void> charge(Volume volume, Traffic traffic) {
      CompletableFuture<Void> hold = new CompletableFuture<>();
      if (traffic.operation() != Copy.CODE || traffic.bytes() != 2L * PIECE) {
        hold.complete(null);
        return hold;
      }
      held.add(hold);
      return hold;
    }

    CompletableFuture<Void> take() throws InterruptedException {
      CompletableFuture<Void> hold = held.poll(30, TimeUnit.SECONDS);
      assertThat(hold).as("a piece is copied").isNotNull();
      return hold;
    }
  }

  private static Compound copying(NfsClient by, OpenFile from, OpenFile to, boolean synchronous) {
    XdrOut arguments =
        new XdrOut()
            .stateId(from.stateId())
            .stateId(to.stateId())
            .int64(0)
            .int64(0)
            .int64(0)
            .bool(true)
            .bool(synchronous)
            .int32(0);
    return by.wire().compound().putFh(from.handle()).saveFh().putFh(to.handle()).op(60, arguments);
  }

  private XdrIn copy(boolean synchronous) throws Exception {
    Compound compound = copying(client, source, target, synchronous);
    return new XdrIn(client.wire().call(compound).ok().last(byte[].class));
  }

  /** Begins a copy that goes on; its stateid. */
  private StateId begun() throws Exception {
    XdrIn going = copy(false);
    assertThat(going.int32()).as("callback ids").isOne();
    StateId id = going.stateId();
    assertThat(going.int64()).as("copied so far").isZero();
    assertThat(going.int32()).isEqualTo(Stability.UNSTABLE.code());
    going.int64();
    assertThat(going.bool()).as("consecutive").isTrue();
    assertThat(going.bool()).as("synchronous").isFalse();
    return id;
  }

  private void assertSynchronous(XdrIn done, long bytes) {
    assertThat(done.int32()).as("callback ids").isZero();
    assertThat(done.int64()).isEqualTo(bytes);
  }

  private Compound about(int code, StateId id) {
    return client.wire().compound().putFh(target.handle()).op(code, new XdrOut().stateId(id));
  }

  private XdrIn status(StateId id) throws Exception {
    return new XdrIn(client.wire().call(about(67, id)).ok().last(byte[].class));
  }

  private CallbackCall told(StateId id) throws Exception {
    CallbackCall call = client.wire().receiveCallback();
    assertThat(call.operation()).isEqualTo(CB_OFFLOAD);
    assertThat(call.arguments().opaque()).isEqualTo(target.handle().toArray());
    assertThat(call.arguments().stateId()).isEqualTo(id);
    return call;
  }

  private long toldBytes(CallbackCall call) {
    assertThat(call.arguments().int32()).isEqualTo(Status.OK.code());
    assertThat(call.arguments().int32()).as("callback ids").isZero();
    return call.arguments().int64();
  }

  @Test
  void aLongCopyGoesOnAndItsClientIsToldOfItsEnd() throws Exception {
    StateId id = begun();
    CallbackCall call = told(id);
    assertThat(toldBytes(call)).isEqualTo(data.length);
    assertThat(call.arguments().int32()).isEqualTo(Stability.UNSTABLE.code());
    long verifier = call.arguments().int64();
    XdrIn ended = status(id);
    assertThat(ended.int64()).isEqualTo(data.length);
    assertThat(ended.int32()).isOne();
    assertThat(ended.int32()).isEqualTo(Status.OK.code());
    client.wire().answer(call, new XdrOut().int32(Status.OK.code()));
    assertThat(client.commit(target.handle())).isEqualTo(verifier);
    assertThat(client.readAll(target.handle())).isEqualTo(data);
    assertThat(served.volume().fileSystem().usage().standardBytes()).isLessThan(19L * MIB);
    refused(Status.BAD_STATEID, () -> status(id));
  }

  @Test
  void whoWantsASynchronousCopyOrCannotBeCalledCopiesPartByPart() throws Exception {
    assertSynchronous(copy(true), data.length);
    try (NfsClient other = served.client(2, "other")) {
      OpenFile from = other.open(other.root(), "source", 1, NfsClient.OWNER, new XdrOut().int32(0));
      OpenFile to = other.create(other.root(), "another", 0644);
      Compound compound = copying(other, from, to, false);
      XdrIn done = new XdrIn(other.wire().call(compound).ok().last(byte[].class));
      assertSynchronous(done, data.length);
    }
  }

  @Test
  void aCopyTellsHowFarItIsAndStopsWhenItIsCancelled() throws Exception {
    Gate gate = new Gate();
    served.throttle = gate;
    StateId id = begun();
    CompletableFuture<Void> hold = gate.take();
    XdrIn going = status(id);
    assertThat(going.int64()).isEqualTo(PIECE);
    assertThat(going.int32()).as("not complete").isZero();
    refused(Status.BAD_STATEID, () -> status(id.at(0)));
    Compound elsewhere = client.wire().compound().putFh(source.handle());
    XdrOut arguments = new XdrOut().stateId(id);
    refused(Status.BAD_STATEID, () -> client.wire().call(elsewhere.op(66, arguments)).ok());
    client.wire().call(about(66, id)).ok();
    hold.complete(null);
    assertThat(client.stat(target.handle()).size()).isEqualTo(PIECE);
    refused(Status.BAD_STATEID, () -> status(id));
    refused(Status.BAD_STATEID, () -> client.wire().call(about(66, id)).ok());
    assertThat(gate.held).isEmpty();
  }

  @Test
  void aClientThatHasNoTimeIsCalledAgain() throws Exception {
    StateId id = begun();
    CallbackCall call = told(id);
    client.wire().answer(call, new XdrOut().int32(Status.DELAY.code()));
    assertThat(status(id).int64()).isEqualTo(data.length);
    served.volume().sweep();
    CallbackCall again = told(id);
    assertThat(toldBytes(again)).isEqualTo(data.length);
    client.wire().answer(again, new XdrOut().int32(Status.OK.code()));
    refused(Status.BAD_STATEID, () -> status(id));
    served.volume().sweep();
  }

  @Test
  void aCopyOfWhatIsRemovedAndClosedGoesOn() throws Exception {
    Gate gate = new Gate();
    served.throttle = gate;
    StateId id = begun();
    CompletableFuture<Void> hold = gate.take();
    client.remove(client.root(), "source");
    client.close(source);
    hold.complete(null);
    gate.take().complete(null);
    CallbackCall call = told(id);
    assertThat(toldBytes(call)).isEqualTo(data.length);
    client.wire().answer(call, new XdrOut().int32(Status.OK.code()));
    assertThat(client.readAll(target.handle())).isEqualTo(data);
  }

  @Test
  void aClientWhoseLeaseHasRunOutHasNoCopies() throws Exception {
    Gate gate = new Gate();
    served.throttle = gate;
    begun();
    CompletableFuture<Void> hold = gate.take();
    client.remove(client.root(), "source");
    client.close(source);
    served.clock.advance(Duration.ofSeconds(91));
    assertThat(served.volume().fileSystem().usage().standardBytes()).isGreaterThan(9L * MIB);
    hold.complete(null);
    for (int tries = 0; tries < 100_000 && standardBytes() > 5L * MIB; tries++) {
      client.wire().ping(); // Which renews no lease.
    }
    assertThat(standardBytes()).as("the source is gone, the target short").isLessThan(5L * MIB);
    assertThat(gate.held).isEmpty();
  }

  private long standardBytes() {
    return served.volume().fileSystem().usage().standardBytes();
  }

  @Test
  void aClientHasAFewCopiesAtATime() throws Exception {
    Gate gate = new Gate();
    served.throttle = gate;
    Queue<StateId> going = new ArrayDeque<>();
    while (going.size() < Limits.COPIES_PER_CLIENT) {
      going.add(begun());
    }
    assertSynchronous(copy(false), data.length);
    client.wire().call(about(66, going.remove())).ok();
    StateId another = begun();
    assertThat(going).doesNotContain(another);
  }

  @Test
  void anEndedCopyMayBeForgottenBeforeItsClientHasHeardOfItsEnd() throws Exception {
    StateId id = begun();
    CallbackCall call = told(id);
    assertThat(status(id).int64()).isEqualTo(data.length);
    client.wire().call(about(66, id)).ok();
    refused(Status.BAD_STATEID, () -> status(id));
    client.wire().answer(call, new XdrOut().int32(Status.BAD_STATEID.code()));
    served.volume().sweep();
    assertThat(client.readAll(target.handle())).as("and nobody is called again").isEqualTo(data);
  }

  @Test
  void copiesThatAreNotOnesOwnAreUnknown() throws Exception {
    Gate gate = new Gate();
    served.throttle = gate;
    StateId id = begun();
    CompletableFuture<Void> hold = gate.take();
    try (NfsClient other =
        NfsClient.connectWithBackChannel(served.address(), 2, Credentials.ROOT, "other")) {
      for (int code : new int[] {66, 67}) {
        Compound foreign = at(other, target.handle()).op(code, new XdrOut().stateId(id));
        refused(Status.BAD_STATEID, () -> other.wire().call(foreign).ok());
        for (StateId none : new StateId[] {StateId.ANONYMOUS, id.at(2), target.stateId()}) {
          refused(Status.BAD_STATEID, () -> client.wire().call(about(code, none)).ok());
        }
        XdrOut arguments = new XdrOut().stateId(id);
        Compound nowhere = client.wire().compound().op(code, arguments);
        refused(Status.NOFILEHANDLE, () -> client.wire().call(nowhere).ok());
      }
    }
    assertThat(status(id).int64()).isEqualTo(PIECE);
    hold.complete(null);
    gate.take().complete(null);
    client.wire().answer(told(id), new XdrOut().int32(Status.OK.code()));
    assertThat(client.readAll(target.handle())).isEqualTo(data);
  }

  @Test
  void aClientThatHasLostItsMemoryHasNoCopies() throws Exception {
    Gate gate = new Gate();
    served.throttle = gate;
    StateId id = begun();
    CompletableFuture<Void> hold = gate.take();
    int nextVerifier = 2;
    try (NfsWire wire = new NfsWire(served.address(), 2, Credentials.ROOT, "a", nextVerifier)) {
      wire.establish(true);
      wire.reclaimComplete();
      NfsClient again = NfsClient.over(wire);
      Compound asked = at(again, target.handle()).op(67, new XdrOut().stateId(id));
      refused(Status.BAD_STATEID, () -> again.wire().call(asked).ok());
      hold.complete(null);
      assertThat(again.stat(target.handle()).size()).isEqualTo(PIECE);
      assertThat(gate.held).isEmpty();
    }
  }

  @Test
  void noCopyGoesOnAfterARestart() throws Exception {
    Gate gate = new Gate();
    served.throttle = gate;
    StateId id = begun();
    gate.take();
    served.killAndServeAgain();
    client.wire().moveTo(served.address());
    client.wire().establish(true);
    client.wire().reclaimComplete();
    refused(Status.BAD_STATEID, () -> status(id));
    refused(Status.BAD_STATEID, () -> client.wire().call(about(66, id)).ok());
    assertThat(gate.held).isEmpty();
  }
}
