package tidefs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static tidefs.rpc.Messages.NONE;
import static tidefs.rpc.Messages.PROGRAM;
import static tidefs.rpc.Messages.VERSION;
import static tidefs.rpc.Messages.call;
import static tidefs.rpc.Messages.hex;
import static tidefs.rpc.Messages.join;
import static tidefs.rpc.Messages.record;
import static tidefs.rpc.Messages.reply;
import static tidefs.rpc.Messages.sys;
import static tidefs.rpc.Messages.words;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tidefs.testkit.LeakGuard;

/** Every answer of RFC 5531 §9, byte for byte. */
@ExtendWith(LeakGuard.class)
class RpcAnswersTest {
  /** Transaction 0x0a0b0c0d, REPLY, MSG_ACCEPTED, verifier of AUTH_NONE. */
  private static final String ACCEPTED = "0a0b0c0d 00000001 00000000 00000000 00000000";

  /** Transaction 0x0a0b0c0d, REPLY, MSG_DENIED. */
  private static final String DENIED = "0a0b0c0d 00000001 00000001";

  private static final int XID = 0x0a0b0c0d;
  private static final byte[] NOTHING = {};

  private static void answer(byte[] call, String expected) {
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      peer.send(record(call));
      assertThat(peer.records()).containsExactly(hex(expected));
      assertThat(peer.isOpen()).isTrue();
      peer.send(record(call(9, TestProgram.ECHO, words(9))));
      assertThat(peer.records()).containsExactly(reply(9, words(9)));
    }
  }

  @Test
  void nullProcedureSucceedsInEveryVersionSpoken() {
    answer(call(XID, PROGRAM, VERSION, 0, NONE, NOTHING), ACCEPTED + "00000000");
    answer(call(XID, PROGRAM, VERSION + 1, 0, sys(0, 0), NOTHING), ACCEPTED + "00000000");
  }

  @Test
  void unknownProgramIsUnavailable() {
    answer(call(XID, PROGRAM + 1, VERSION, 0, NONE, NOTHING), ACCEPTED + "00000001");
  }

  @Test
  void unknownVersionIsAMismatchThatNamesTheRange() {
    answer(call(XID, PROGRAM, 3, 1, NONE, NOTHING), ACCEPTED + "00000002 00000004 00000005");
    answer(call(XID, PROGRAM, 6, 1, NONE, NOTHING), ACCEPTED + "00000002 00000004 00000005");
    answer(call(XID, PROGRAM, -1, 0, NONE, NOTHING), ACCEPTED + "00000002 00000004 00000005");
  }

  @Test
  void unknownProcedureIsUnavailable() {
    answer(call(XID, 99, NOTHING), ACCEPTED + "00000003");
  }

  @Test
  void argumentsThatTheProgramCannotDecodeAreGarbage() {
    answer(call(XID, TestProgram.GARBAGE, NOTHING), ACCEPTED + "00000004");
  }

  @Test
  void truncatedHeaderIsGarbage() {
    answer(words(XID, 0), ACCEPTED + "00000004");
    answer(words(XID, 0, 2, PROGRAM, VERSION), ACCEPTED + "00000004");
    answer(words(XID, 0, 2, PROGRAM, VERSION, 1), ACCEPTED + "00000004");
  }

  @Test
  void faultOfTheProgramIsASystemError() {
    answer(call(XID, TestProgram.THROW, NOTHING), ACCEPTED + "00000005");
    answer(call(XID, TestProgram.FORGET, NOTHING), ACCEPTED + "00000005");
    answer(call(XID, TestProgram.BEGIN_AND_THROW, NOTHING), ACCEPTED + "00000005");
  }

  @Test
  void otherVersionOfRpcIsDenied() {
    answer(words(XID, 0, 3, 1, 2, 3), DENIED + "00000000 00000002 00000002");
  }

  @Test
  void flavoursThatAreNotSpokenAreRejected() {
    String rejected = DENIED + "00000001 00000002";
    byte[] gss = words(6, 4, 0);
    byte[] tls = words(7, 0);
    answer(call(XID, PROGRAM, VERSION, TestProgram.ECHO, gss, NOTHING), rejected);
    answer(call(XID, PROGRAM, VERSION, 0, tls, NOTHING), rejected);
  }

  @Test
  void malformedCredentialsAreBad() {
    String bad = DENIED + "00000001 00000001";
    for (byte[] credentials :
        List.of(
            words(1, 0),
            words(1, 401),
            words(1, 0x7fff_ffff),
            words(1, -1),
            words(1, 20, 0, 0, 0, 0, 1),
            words(1, 24, 0, 0, 0, 0, 0, 0),
            words(1, 20, 0, 256, 0, 0, 0),
            sys(1, 1, new int[17]),
            join(words(1, 20, 0, 0, 0, 0, 0x4000_0000)))) {
      answer(call(XID, PROGRAM, VERSION, TestProgram.ECHO, credentials, NOTHING), bad);
    }
  }

  @Test
  void malformedVerifierIsBad() {
    byte[] call = join(words(XID, 0, 2, PROGRAM, VERSION, 1), NONE, words(0, 401));
    answer(call, DENIED + "00000001 00000003");
  }

  @Test
  void programMayRefuseCredentials() {
    answer(call(XID, TestProgram.TOO_WEAK, NOTHING), DENIED + "00000001 00000005");
  }

  @Test
  void credentialsReachTheProgramHoweverTheyAlternate() {
    byte[] many = sys(-2, 100, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    byte[] none = call(1, TestProgram.WHO, NOTHING);
    byte[] alice = call(2, PROGRAM, VERSION, TestProgram.WHO, sys(1000, 100, 5), NOTHING);
    byte[] nobody = call(3, PROGRAM, VERSION, TestProgram.WHO, many, NOTHING);
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      for (byte[] call : List.of(none, alice, alice, nobody, alice, none, nobody, nobody)) {
        peer.send(record(call));
      }
      byte[] asNone = reply(1, words(0));
      byte[] asAlice = reply(2, words(1, 1000, 100, 5));
      byte[] asNobody =
          reply(3, words(1, -2, 100, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
      assertThat(peer.records())
          .containsExactly(asNone, asAlice, asAlice, asNobody, asAlice, asNone, asNobody, asNobody);
    }
  }

  @Test
  void equalCredentialsInSuccessionAreOneInstance() {
    byte[] alice = call(2, PROGRAM, VERSION, TestProgram.DEFER, sys(1000, 100, 5), NOTHING);
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      peer.send(join(record(alice), record(alice)));
      List<RpcCall> calls = peer.program.deferred;
      assertThat(calls.get(0).credentials()).isSameAs(calls.get(1).credentials());
      calls.forEach(RpcCall::systemError);
    }
  }

  @Test
  void droppedCallIsNeverAnswered() {
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      peer.send(record(call(1, TestProgram.DROP, NOTHING)));
      peer.send(record(call(2, TestProgram.DEFER, NOTHING)));
      peer.program.deferred.get(0).drop();
      peer.send(record(call(3, TestProgram.ECHO, words(3))));
      assertThat(peer.records()).containsExactly(reply(3, words(3)));
    }
  }
}
