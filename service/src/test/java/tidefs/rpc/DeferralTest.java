package tidefs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static tidefs.rpc.Messages.call;
import static tidefs.rpc.Messages.join;
import static tidefs.rpc.Messages.record;
import static tidefs.rpc.Messages.reply;
import static tidefs.rpc.Messages.words;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tidefs.testkit.LeakGuard;
import tidefs.xdr.XdrWriter;

/** Calls that are answered after the program has returned. */
@ExtendWith(LeakGuard.class)
class DeferralTest {
  private static final byte[] NOTHING = {};

  @Test
  void argumentsStayReadableUntilTheAnswer() {
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      byte[] later = record(call(1, TestProgram.DEFER, words(1, 2)));
      byte[] now = record(call(2, TestProgram.ECHO, words(3)));
      byte[] part = record(call(3, TestProgram.ECHO, words(4)));
      peer.send(join(now, later, now, new byte[] {part[0]}));
      assertThat(peer.records()).containsExactly(reply(2, words(3)), reply(2, words(3)));
      RpcCall call = peer.program.deferred.get(0);
      int start = call.arguments().position();
      TestProgram.echo(call);
      call.arguments().position(start);
      TestProgram.echo(call);
      call.send();
      assertThat(peer.records()).containsExactly(reply(1, words(1, 2)));
    }
  }

  @Test
  void heldRepliesLeaveWhenTheyAreSentAndOthersBeforeThem() {
    for (int procedure : List.of(TestProgram.HOLD, TestProgram.BEGIN_AND_DEFER)) {
      try (Peer peer = new Peer(Limits.DEFAULTS)) {
        peer.send(
            join(
                record(call(1, TestProgram.ECHO, words(1))),
                record(call(2, procedure, words(2))),
                record(call(3, TestProgram.ECHO, words(3))),
                record(call(4, procedure, words(4))),
                record(call(5, procedure, words(5)))));
        assertThat(peer.records()).containsExactly(reply(1, words(1)), reply(3, words(3)));
        List<RpcCall> held = peer.program.deferred;
        held.get(2).send();
        held.get(0).send();
        assertThat(peer.records()).containsExactly(reply(5, words(5)), reply(2, words(2)));
        held.get(1).send();
        assertThat(peer.records()).containsExactly(reply(4, words(4)));
      }
    }
  }

  @Test
  void replyThatWasBegunGrowsOnItsOwn() {
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      byte[] begun = record(call(2, TestProgram.BEGIN_AND_DEFER, NOTHING));
      peer.send(join(record(call(1, TestProgram.ECHO, words(1))), begun));
      RpcCall call = peer.program.deferred.get(0);
      peer.send(record(call(3, TestProgram.ECHO, words(3))));
      byte[] large = new byte[100_000];
      XdrWriter out = call.reply();
      out.int32(1);
      out.opaque(large);
      call.send();
      assertThat(peer.records())
          .containsExactly(
              reply(1, words(1)),
              reply(3, words(3)),
              reply(2, join(words(1, large.length), large)));
    }
  }

  @Test
  void heldReplyGivesWayToAnError() {
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      peer.send(record(call(1, TestProgram.HOLD, words(1))));
      peer.program.deferred.get(0).systemError();
      assertThat(peer.records()).containsExactly(words(1, 1, 0, 0, 0, 5));
    }
  }

  @Test
  void payloadByReferenceStandsAmongOtherReplies() {
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      byte[] small = record(call(1, TestProgram.ECHO, words(1)));
      byte[] blob = record(call(2, TestProgram.BLOB, words(70_001)));
      byte[] fault = record(call(3, TestProgram.BEGIN_AND_THROW, NOTHING));
      peer.send(join(small, blob, small, fault, small, blob));
      byte[] sent = reply(2, join(words(70_001), new byte[70_004]));
      byte[] echoed = reply(1, words(1));
      assertThat(peer.records())
          .containsExactly(echoed, sent, echoed, words(3, 1, 0, 0, 0, 5), echoed, sent);
    }
  }

  @Test
  void connectionIsReadNoFurtherWhileTooManyCallsAreInFlight() {
    try (Peer peer = new Peer(Limits.DEFAULTS.withCallsInFlight(3))) {
      List<byte[]> calls = new ArrayList<>();
      for (int xid = 0; xid < 10; xid++) {
        calls.add(record(call(xid, TestProgram.DEFER, words(xid))));
      }
      peer.send(join(calls.toArray(byte[][]::new)));
      List<RpcCall> deferred = peer.program.deferred;
      assertThat(deferred).hasSize(3);
      assertThat(peer.channel.config().isAutoRead()).isFalse();
      for (int answered = 0; answered < 10; answered++) {
        TestProgram.echo(deferred.get(answered));
        deferred.get(answered).send();
        assertThat(peer.records()).containsExactly(reply(answered, words(answered)));
        assertThat(deferred).hasSize(Math.min(10, answered + 4));
      }
      assertThat(peer.channel.config().isAutoRead()).isTrue();
    }
  }

  @Test
  void callsMayBeAnsweredAfterTheConnectionIsGone() {
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      peer.send(record(call(1, TestProgram.DEFER, words(1))));
      peer.send(record(call(2, TestProgram.HOLD, words(2))));
      peer.send(record(call(3, TestProgram.BEGIN_AND_DEFER, words(3))));
      peer.channel.close();
      List<RpcCall> deferred = peer.program.deferred;
      TestProgram.echo(deferred.get(0));
      deferred.forEach(RpcCall::send);
      assertThat(peer.records()).isEmpty();
      assertThat(deferred).allMatch(RpcCall::isAnswered);
    }
  }
}
