package tidefs.nfs4.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tidefs.testkit.CompoundResult;
import tidefs.testkit.XdrIn;
import tidefs.xdr.Bitmap;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrWriter;

/** Results, encoded by the server's records and decoded by the test client's own codec. */
final class ReplyTest {
  private static final StateId STATE = new StateId(7, 8, 9);
  private static final SessionId SESSION = new SessionId(1, 2);
  private static final ChangeInfo CHANGE = new ChangeInfo(true, 5, 6);
  private static final CompoundResult.Change CHANGED = new CompoundResult.Change(true, 5, 6);

  @Test
  void aCompoundReplyHoldsTagStatusAndResults() {
    var header = new CompoundHeader(Opaque.utf8("a tag"), 1, 2);
    var out = new XdrWriter(Unpooled.buffer().writeInt(0x1234).readerIndex(4));
    int at = header.begin(out);
    out.int32(PutRootFh.CODE);
    Reply.of(Status.OK).encode(out);
    out.int32(Lookup.CODE);
    Reply.of(Status.NOENT).encode(out);
    header.finish(out, at, Status.NOENT, 2);

    CompoundResult result = CompoundResult.decode(new XdrIn(ByteBufUtil.getBytes(out.finish())));
    assertThat(result.status()).isEqualTo(Status.NOENT);
    assertThat(result.tag()).isEqualTo("a tag");
    assertThat(result.results())
        .containsExactly(
            new CompoundResult.Result(24, Status.OK, null),
            new CompoundResult.Result(15, Status.NOENT, null));
  }

  @Test
  void stateIdsComeBack() {
    assertThat(result(Close.CODE, new Close.Ok(STATE))).isEqualTo(STATE);
    assertThat(result(Lock.CODE, new Lock.Ok(STATE))).isEqualTo(STATE);
    assertThat(result(LockU.CODE, new LockU.Ok(STATE))).isEqualTo(STATE);
    assertThat(result(OpenConfirm.CODE, new OpenConfirm.Ok(STATE))).isEqualTo(STATE);
    assertThat(result(OpenDowngrade.CODE, new OpenDowngrade.Ok(STATE))).isEqualTo(STATE);
  }

  @Test
  void changesOfDirectoriesComeBack() {
    assertThat(result(Link.CODE, new Link.Ok(CHANGE))).isEqualTo(CHANGED);
    assertThat(result(Remove.CODE, new Remove.Ok(CHANGE))).isEqualTo(CHANGED);
    assertThat(result(Rename.CODE, new Rename.Ok(CHANGE, new ChangeInfo(false, 1, 2))))
        .isEqualTo(List.of(CHANGED, new CompoundResult.Change(false, 1, 2)));
    assertThat(result(Create.CODE, new Create.Ok(CHANGE, Bitmap.of(33, 36))))
        .isEqualTo(List.of(CHANGED, set(33, 36)));
  }

  @Test
  void opensComeBackWithAndWithoutADelegation() {
    assertThat(opened(OpenDelegation.None.INSTANCE).delegation()).isZero();
    for (OpenDelegation.Why why : OpenDelegation.Why.values()) {
      assertThat(opened(new OpenDelegation.Refused(why)).delegation()).isEqualTo(3);
    }
    for (boolean write : new boolean[] {false, true}) {
      CompoundResult.Opened open = opened(new OpenDelegation.Granted(STATE, write, true));
      assertThat(open.delegation()).isEqualTo(write ? 2 : 1);
      assertThat(open.delegated()).isEqualTo(STATE);
      assertThat(open.recalled()).isTrue();
    }
  }

  private static CompoundResult.Opened opened(OpenDelegation delegation) {
    var open = new Open.Ok(STATE, CHANGE, Open.Ok.LOCKTYPE_POSIX, Bitmap.of(4), delegation);
    var opened = (CompoundResult.Opened) result(Open.CODE, open);
    assertThat(opened.stateId()).isEqualTo(STATE);
    assertThat(opened.directory()).isEqualTo(CHANGED);
    assertThat(opened.flags()).isEqualTo(4);
    assertThat(opened.attributesSet()).isEqualTo(set(4));
    return opened;
  }

  @Test
  void filesComeBack() {
    FileHandle handle = FileHandle.wrap(new byte[] {1, 2, 3});
    assertThat(result(GetFh.CODE, new GetFh.Ok(handle))).isEqualTo(handle);
    assertThat(result(Access.CODE, new Access.Ok(0x3f, 0x21)))
        .isEqualTo(new CompoundResult.Rights(0x3f, 0x21));
    assertThat(result(Commit.CODE, new Commit.Ok(-3))).isEqualTo(-3L);
    assertThat(result(ReadLink.CODE, new ReadLink.Ok(Opaque.utf8("../x")))).isEqualTo("../x");
    assertThat(result(Write.CODE, new Write.Ok(5, Stability.DATA_SYNC, 6)))
        .isEqualTo(new CompoundResult.Written(5, Stability.DATA_SYNC, 6));
    var attributes = new GetAttr.Ok(Bitmap.of(Attribute.SIZE), new FileAttributesOfTest());
    assertThat(result(GetAttr.CODE, attributes)).hasToString("{4=4}");
    assertThat(result(SecInfo.CODE, new SecurityFlavors(List.of(1, 0)))).isEqualTo(List.of(1, 0));
  }

  @Test
  void dataComeBackHoweverTheyWereWritten() {
    byte[] bytes = {1, 2, 3, 4, 5};
    var byReference = new Read.Ok(true, Unpooled.wrappedBuffer(bytes));
    assertData(decode(Read.CODE, byReference::encode), true, bytes);
    assertData(
        decode(
            Read.CODE,
            out -> {
              var reply = new Read.InPlace(out, 100);
              reply.space().put(bytes);
              reply.end(false, bytes.length);
            }),
        false,
        bytes);
  }

  private static void assertData(CompoundResult.Result result, boolean eof, byte[] bytes) {
    assertThat(result.status()).isEqualTo(Status.OK);
    var data = (CompoundResult.Data) result.body();
    assertThat(data.eof()).isEqualTo(eof);
    assertThat(data.bytes()).isEqualTo(bytes);
  }

  @Test
  void clientsAndSessionsComeBack() {
    var channel = new ChannelAttributes(0, 1, 2, 3, 4, 5);
    var sent = new CompoundResult.Channel(0, 1, 2, 3, 4, 5);
    assertThat(result(SetClientId.CODE, new SetClientId.Ok(3, 4)))
        .isEqualTo(new CompoundResult.Client(3, 4, 0));
    var id = new ImplementationId(Opaque.utf8("tidefs"), Opaque.utf8("TideFS"), 1, 2);
    var exchanged =
        new ExchangeId.Ok(
            3,
            4,
            ExchangeId.CONFIRMED_R,
            5,
            Opaque.utf8("major"),
            Opaque.utf8("scope"),
            List.of(id));
    assertThat(result(ExchangeId.CODE, exchanged))
        .isEqualTo(new CompoundResult.Client(3, 4, 0x8000_0000));
    assertThat(result(CreateSession.CODE, new CreateSession.Ok(SESSION, 3, 0, channel, channel)))
        .isEqualTo(new CompoundResult.Session(SESSION, 3, 0, sent, sent));
    assertThat(result(Sequence.CODE, new Sequence.Ok(SESSION, 1, 2, 3, 4, 5)))
        .isEqualTo(new CompoundResult.Slot(SESSION, 1, 2, 3, 4, 5));
    assertThat(
            result(
                BindConnToSession.CODE,
                new BindConnToSession.Ok(SESSION, BindConnToSession.Bound.BOTH, false)))
        .isEqualTo(List.of(1L, 2L, 3, false));
    assertThat(result(TestStateId.CODE, new TestStateId.Ok(List.of(Status.OK, Status.EXPIRED))))
        .isEqualTo(List.of(Status.OK, Status.EXPIRED));
  }

  @Test
  void aLockInTheWayIsNamed() {
    var denied = new LockDenied(1, -1, LockType.WRITE, new StateOwner(3, Opaque.utf8("other")));
    CompoundResult.Result result = decode(LockT.CODE, denied::encode);
    assertThat(result.status()).isEqualTo(Status.DENIED);
    assertThat(result.body()).isEqualTo(new CompoundResult.Denied(1, -1, 2, 3, "other"));
  }

  @Test
  void everyRefusedOperationHasTheBodyThatItsStatusCallsFor() {
    for (OpSamples.Sample sample : OpSamples.ALL) {
      for (Status status : List.of(Status.NOTSUPP, Status.BADXDR, Status.CLID_INUSE)) {
        Op op = sample.expected();
        Reply reply = op.refused(status);
        CompoundResult.Result result = decode(op.code(), reply::encode);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(result.status()).isEqualTo(status);
      }
    }
  }

  private static Object result(int code, Reply reply) {
    CompoundResult.Result result = decode(code, reply::encode);
    assertThat(result.status()).isEqualTo(Status.OK);
    return result.body();
  }

  private static CompoundResult.Result decode(int code, Consumer<XdrWriter> body) {
    var header = new CompoundHeader(Opaque.EMPTY, 1, 1);
    var out = new XdrWriter(Unpooled.buffer(16));
    int at = header.begin(out);
    out.int32(code);
    body.accept(out);
    header.finish(out, at, Status.OK, 1);
    ByteBuf bytes = out.finish();
    var result = CompoundResult.decode(new XdrIn(ByteBufUtil.getBytes(bytes)));
    bytes.release();
    return result.results().getFirst();
  }

  private static BitSet set(int... numbers) {
    var set = new BitSet();
    for (int number : numbers) {
      set.set(number);
    }
    return set;
  }
}
