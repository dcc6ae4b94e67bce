package tidefs.nfs4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Sequence;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.NfsConfig;
import tidefs.testkit.CallbackCall;
import tidefs.testkit.CompoundResult;
import tidefs.testkit.CompoundResult.Opened;
import tidefs.testkit.Credentials;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsFailure;
import tidefs.testkit.NfsWire;
import tidefs.testkit.XdrOut;

/** Delegations and their recall, end to end over loopback sockets. */
final class DelegationTest extends ServedTest {
  private static final int READ = Share.ACCESS_READ;
  private static final int WANT_READ = READ | Share.WANT_READ_DELEGATION;
  private static final int WANT_WRITE = Share.ACCESS_BOTH | Share.WANT_WRITE_DELEGATION;
  private static final int CB_GETATTR = 3;
  private static final int CB_RECALL = 4;

  private NfsClient reader;
  private NfsClient other;

  @BeforeEach
  void connect() throws Exception {
    reader = callable("reader");
    other = served.client(2, "other");
    other.close(other.create(other.root(), "file", 0666));
  }

  @AfterEach
  void disconnect() throws Exception {
    reader.close();
    other.close();
  }

  private NfsClient callable(String name) throws IOException {
    return NfsClient.connectWithBackChannel(served.address(), 2, Credentials.ROOT, name);
  }

  private static CompoundResult tryOpen(NfsClient client, int access, XdrOut claim)
      throws IOException {
    NfsWire wire = client.wire();
    return wire.call(
        wire.compound()
            .putRootFh()
            .open(0, access, 0, wire.clientId(), "owner", new XdrOut().int32(0), claim)
            .getFh());
  }

  private static CompoundResult tryOpen(NfsClient client, int access) throws IOException {
    return tryOpen(client, access, new XdrOut().int32(0).text("file"));
  }

  private static Opened opened(NfsClient client, int access) throws IOException {
    return tryOpen(client, access).ok().of(18, Opened.class);
  }

  private FileHandle file() throws IOException {
    return other.lookup("file");
  }

  private static StateId receiveRecall(NfsClient holder, FileHandle file) throws IOException {
    CallbackCall call = holder.wire().receiveCallback();
    assertThat(call.operation()).isEqualTo(CB_RECALL);
    StateId id = call.arguments().stateId();
    assertThat(call.arguments().bool()).isFalse();
    assertThat(call.arguments().opaque()).isEqualTo(file.toArray());
    holder.wire().answer(call, new XdrOut().int32(Status.OK.code()));
    return id;
  }

  private static void giveBack(NfsClient holder, FileHandle file, StateId id) throws IOException {
    holder.wire().call(holder.wire().compound().putFh(file).op(8, new XdrOut().stateId(id))).ok();
  }

  private static int flags(NfsClient client) throws IOException {
    return client
        .wire()
        .call(client.wire().compound())
        .ok()
        .last(CompoundResult.Slot.class)
        .flags();
  }

  private static Status tested(NfsClient client, StateId id) throws IOException {
    XdrOut one = new XdrOut().int32(1).stateId(id);
    List<?> statuses =
        client.wire().call(client.wire().compound().op(55, one)).ok().last(List.class);
    return (Status) statuses.getFirst();
  }

  @Test
  void whoAsksOrComesBackIsGivenAReadDelegation() throws Exception {
    assertThat(opened(reader, READ).delegation()).isZero();
    assertThat(opened(reader, READ).delegation()).isOne();
    NfsClient third = callable("third");
    Opened asked = opened(third, WANT_READ);
    assertThat(asked.delegation()).isOne();
    assertThat(asked.recalled()).isFalse();
    var read = third.wire().compound().putFh(file()).read(asked.delegated(), 0, 10);
    assertThat(third.wire().call(read).ok().last(CompoundResult.Data.class).eof()).isTrue();
    var write =
        third
            .wire()
            .compound()
            .putFh(file())
            .write(asked.delegated(), 0, Stability.UNSTABLE, new byte[1]);
    assertThat(third.wire().call(write).status()).isEqualTo(Status.OPENMODE);
    assertThat(opened(third, READ | Share.WANT_NO_DELEGATION).why()).isZero();
    third.close();
  }

  @Test
  void whoCannotBeCalledIsGivenNone() throws Exception {
    Opened open = opened(other, WANT_READ);
    assertThat(open.delegation()).isEqualTo(3);
    assertThat(open.why()).isEqualTo(2);
    assertThat(opened(other, READ).delegation()).isZero();
    assertThat(opened(other, READ).delegation()).isZero();
  }

  @Test
  void aWriterComesAgainUntilTheReadersHaveGivenBack() throws Exception {
    Opened held = opened(reader, WANT_READ);
    assertThat(tryOpen(other, Share.ACCESS_WRITE).status()).isEqualTo(Status.DELAY);
    assertThat(receiveRecall(reader, file())).isEqualTo(held.delegated());
    assertThat(tryOpen(other, Share.ACCESS_WRITE).status()).isEqualTo(Status.DELAY);
    XdrOut claim = new XdrOut().int32(2).stateId(held.delegated()).text("file");
    assertThat(tryOpen(reader, READ, claim).status()).isEqualTo(Status.OK);
    giveBack(reader, file(), held.delegated());
    Opened writes = opened(other, Share.ACCESS_WRITE);
    assertThat(opened(reader, WANT_READ).why()).isOne();
    FileHandle file = file();
    other.wire().call(other.wire().compound().putFh(file).close(0, writes.stateId())).ok();
    assertThat(opened(reader, WANT_READ).why()).as("the file was recalled just now").isOne();
    served.clock.advance(Duration.ofSeconds(31));
    assertThat(opened(reader, WANT_READ).delegation()).isOne();
  }

  @Test
  void theHolderItselfMayWrite() throws Exception {
    Opened held = opened(reader, WANT_READ);
    Opened writes = opened(reader, Share.ACCESS_WRITE);
    var write =
        reader
            .wire()
            .compound()
            .putFh(file())
            .write(writes.stateId(), 0, Stability.UNSTABLE, new byte[3]);
    reader.wire().call(write).ok();
    reader.setattr(file(), NewAttributes.none().mode(0600));
    assertThat(tested(reader, held.delegated())).isEqualTo(Status.OK);
  }

  @Test
  void whatIsNotGivenBackIsRevokedAfterALease() throws Exception {
    Opened held = opened(reader, WANT_READ);
    assertThat(tryOpen(other, Share.ACCESS_WRITE).status()).isEqualTo(Status.DELAY);
    receiveRecall(reader, file());
    served.clock.advance(Duration.ofSeconds(60));
    assertThat(flags(reader)).isZero();
    assertThat(tryOpen(other, Share.ACCESS_WRITE).status()).isEqualTo(Status.DELAY);
    served.clock.advance(Duration.ofSeconds(31));
    assertThat(tryOpen(other, Share.ACCESS_WRITE).status()).isEqualTo(Status.OK);
    assertThat(flags(reader)).isEqualTo(Sequence.Ok.RECALLABLE_STATE_REVOKED);
    assertThat(tested(reader, held.delegated())).isEqualTo(Status.DELEG_REVOKED);
    var read = reader.wire().compound().putFh(file()).read(held.delegated(), 0, 10);
    assertThat(reader.wire().call(read).status()).isEqualTo(Status.DELEG_REVOKED);
    XdrOut id = new XdrOut().stateId(held.delegated());
    reader.wire().call(reader.wire().compound().op(45, id)).ok();
    assertThat(flags(reader)).isZero();
    assertThat(tested(reader, held.delegated())).isEqualTo(Status.BAD_STATEID);
  }

  @Test
  void whatIsHeldByAClientThatIsGoneIsInNobodysWay() throws Exception {
    opened(reader, WANT_READ);
    served.clock.advance(Duration.ofSeconds(91));
    opened(other, Share.ACCESS_WRITE);
    assertThatThrownBy(() -> flags(reader)).isInstanceOf(NfsFailure.class);
  }

  private interface Change {
    void make() throws IOException;
  }

  private void recallsBefore(Change change) throws Exception {
    Opened held = opened(reader, WANT_READ);
    assertThat(held.delegation()).isOne();
    FileHandle file = file();
    refused(Status.DELAY, change::make);
    giveBack(reader, file, receiveRecall(reader, file));
    change.make();
    NfsWire wire = reader.wire();
    wire.call(wire.compound().putFh(file).close(0, held.stateId()));
    served.clock.advance(Duration.ofSeconds(31));
  }

  @Test
  void everyChangeByAnotherRecalls() throws Exception {
    FileHandle root = other.root();
    FileHandle file = file();
    recallsBefore(() -> other.setattr(file, NewAttributes.none().mode(0644)));
    recallsBefore(() -> other.setattr(file, NewAttributes.none().size(5)));
    NfsWire wire = other.wire();
    recallsBefore(() ->
        wire.call(
                wire.compound()
                    .putFh(file)
                    .write(StateId.ANONYMOUS, 0, Stability.UNSTABLE, new byte[9]))
            .ok());
    XdrOut attribute = new XdrOut().int32(0).text("name").text("value");
    recallsBefore(() -> wire.call(wire.compound().putFh(file).op(73, attribute)).ok());
    recallsBefore(() -> other.link(file, root, "other"));
    recallsBefore(() -> other.rename(root, "file", root, "moved"));
    other.rename(root, "moved", root, "file");
    other.close(other.create(root, "over", 0644));
    recallsBefore(() -> other.rename(root, "over", root, "file"));
    recallsBefore(() -> other.remove(root, "file"));
  }

  @Test
  void clientsOfVersion40Recall() throws Exception {
    try (NfsClient old = served.client(0, "old")) {
      FileHandle file = file();
      recallsBefore(() -> old.setattr(file, NewAttributes.none().mode(0644)));
      Opened held = opened(reader, WANT_READ);
      refused(Status.DELAY, () -> old.open(old.root(), "file", Share.ACCESS_WRITE));
      giveBack(reader, file, receiveRecall(reader, file));
      old.close(old.open(old.root(), "file", Share.ACCESS_WRITE));
      assertThat(tested(reader, held.delegated())).isEqualTo(Status.BAD_STATEID);
    }
  }

  @Test
  void aRecallThatWasNotUnderstoodIsRepeated() throws Exception {
    Opened held = opened(reader, WANT_READ);
    assertThat(tryOpen(other, Share.ACCESS_WRITE).status()).isEqualTo(Status.DELAY);
    CallbackCall first = reader.wire().receiveCallback();
    reader.wire().answer(first, new XdrOut().int32(Status.BAD_STATEID.code()));
    flags(reader); // The answer has been read by now: it came before this.
    served.clock.advance(Duration.ofSeconds(2));
    assertThat(tryOpen(other, Share.ACCESS_WRITE).status()).isEqualTo(Status.DELAY);
    assertThat(receiveRecall(reader, file())).isEqualTo(held.delegated());
  }

  @Test
  void aClientIsToldThatItCannotBeCalledAndCalledAgainWhenItCan() throws Exception {
    Opened held = opened(reader, WANT_READ);
    reader.wire().reconnect();
    int down = Sequence.Ok.CB_PATH_DOWN | Sequence.Ok.CB_PATH_DOWN_SESSION;
    while (flags(reader) != down) {
      Thread.onSpinWait(); // Until the server has noticed that the connection is gone.
    }
    assertThat(tryOpen(other, Share.ACCESS_WRITE).status()).isEqualTo(Status.DELAY);
    var session = reader.wire().session();
    XdrOut bind = new XdrOut().int64(session.high()).int64(session.low()).int32(7).bool(false);
    reader.wire().call(new tidefs.testkit.Compound(2).op(41, bind)).ok();
    assertThat(flags(reader)).isZero();
    served.clock.advance(Duration.ofSeconds(2));
    assertThat(tryOpen(other, Share.ACCESS_WRITE).status()).isEqualTo(Status.DELAY);
    giveBack(reader, file(), receiveRecall(reader, file()));
    opened(other, Share.ACCESS_WRITE);
    assertThat(tested(reader, held.delegated())).isEqualTo(Status.BAD_STATEID);
  }

  @Test
  void aReclaimedDelegationHasToBeReturned() throws Exception {
    Opened held = opened(reader, WANT_READ);
    served.killAndServeAgain();
    NfsWire wire = reader.wire();
    wire.moveTo(served.address());
    wire.establish(true);
    assertThat(flags(reader)).isEqualTo(Sequence.Ok.RESTART_RECLAIM_NEEDED);
    other.close();
    other = served.client(2, "late");
    FileHandle file = file();
    assertThat(tryOpen(other, Share.ACCESS_WRITE).status()).isEqualTo(Status.GRACE);
    Opened again =
        wire.call(
                wire.compound()
                    .putFh(file)
                    .open(
                        0,
                        READ,
                        0,
                        wire.clientId(),
                        "owner",
                        new XdrOut().int32(0),
                        new XdrOut().int32(1).int32(1)))
            .ok()
            .of(18, Opened.class);
    assertThat(again.delegation()).isOne();
    assertThat(again.recalled()).isTrue();
    assertThat(again.delegated()).isNotEqualTo(held.delegated());
    wire.reclaimComplete();
    assertThat(flags(reader)).isZero();
    giveBack(reader, file, again.delegated());
  }

  @Test
  void anotherSeesWhatTheWriterHasNotSentYet() throws Exception {
    Opened held = opened(reader, WANT_WRITE);
    assertThat(held.delegation()).isEqualTo(2);
    FileHandle file = file();
    long before = reader.stat(file).change();
    assertThat(otherSees(file, before, 0)).isEqualTo(List.of(before, 0L));
    List<Long> changed = otherSees(file, before + 1, 77);
    assertThat(changed.getFirst()).isGreaterThan(before);
    assertThat(changed.getLast()).isEqualTo(77);
    assertThat(tryOpen(other, READ).status()).isEqualTo(Status.DELAY);
    giveBack(reader, file, receiveRecall(reader, file));
    opened(other, READ);
  }

  private List<Long> otherSees(FileHandle file, long change, long size) throws IOException {
    NfsWire wire = other.wire();
    int xid = wire.send(wire.compound().putFh(file).getAttr(3, 4));
    CallbackCall call = reader.wire().receiveCallback();
    assertThat(call.operation()).isEqualTo(CB_GETATTR);
    byte[] values = new XdrOut().int64(change).int64(size).toBytes();
    reader.wire().answer(call, new XdrOut().int32(0).bitmap(3, 4).opaque(values));
    var seen = wire.receive(xid).ok().last(tidefs.testkit.FileAttributes.class);
    return List.of(seen.change(), seen.size());
  }

  @Test
  void aStrictServerDelegatesNothing() throws Exception {
    served.close();
    served =
        new ServedFileSystem(
            directory.resolve("strict"),
            resources,
            NfsConfig.DEFAULTS.withExtensions(false),
            false);
    try (NfsClient strict =
        NfsClient.connectWithBackChannel(served.address(), 1, Credentials.ROOT, "strict")) {
      strict.close(strict.create(strict.root(), "file", 0666));
      assertThat(opened(strict, WANT_READ).delegation()).isEqualTo(3);
      assertThat(opened(strict, READ).delegation()).isZero();
      assertThat(opened(strict, READ).delegation()).isZero();
    }
  }
}
