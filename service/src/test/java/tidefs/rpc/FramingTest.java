package tidefs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static tidefs.rpc.Messages.call;
import static tidefs.rpc.Messages.fragments;
import static tidefs.rpc.Messages.join;
import static tidefs.rpc.Messages.record;
import static tidefs.rpc.Messages.reply;
import static tidefs.rpc.Messages.words;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tidefs.testkit.LeakGuard;

@ExtendWith(LeakGuard.class)
class FramingTest {
  private static final byte[] TWO_CALLS =
      join(
          record(call(1, TestProgram.ECHO, words(11, 12))),
          fragments(call(2, TestProgram.ECHO, words(21, 22, 23)), 5),
          record(call(3, TestProgram.ECHO, words(31))));

  private static final byte[][] THREE_REPLIES = {
    reply(1, words(11, 12)), reply(2, words(21, 22, 23)), reply(3, words(31))
  };

  @Test
  void recordsMayArriveInPiecesOfAnySize() {
    for (int length = 1; length <= TWO_CALLS.length; length++) {
      try (Peer peer = new Peer(Limits.DEFAULTS)) {
        peer.sendInPieces(TWO_CALLS, length);
        assertThat(peer.records()).as("pieces of %d", length).containsExactly(THREE_REPLIES);
      }
    }
  }

  @Test
  void recordsMayBeCutAtEveryByte() {
    for (int cut = 1; cut < TWO_CALLS.length; cut++) {
      try (Peer peer = new Peer(Limits.DEFAULTS)) {
        peer.send(Arrays.copyOf(TWO_CALLS, cut));
        peer.send(Arrays.copyOfRange(TWO_CALLS, cut, TWO_CALLS.length));
        assertThat(peer.records()).as("cut at %d", cut).containsExactly(THREE_REPLIES);
      }
    }
  }

  @Test
  void fragmentsMayHaveAnySize() {
    byte[] body = call(1, TestProgram.ECHO, words(1, 2, 3));
    for (int bytes = 1; bytes <= body.length; bytes++) {
      try (Peer peer = new Peer(Limits.DEFAULTS)) {
        peer.send(fragments(body, bytes));
        assertThat(peer.records()).containsExactly(reply(1, words(1, 2, 3)));
      }
    }
  }

  @Test
  void fragmentsMayBeEmpty() {
    byte[] body = call(1, TestProgram.ECHO, words(5));
    byte[] sent = join(words(0, 0, body.length), body, words(0, 0x8000_0000));
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      peer.sendInPieces(sent, 3);
      assertThat(peer.records()).containsExactly(reply(1, words(5)));
    }
  }

  @Test
  void largeRecordsArriveWholeHoweverTheyAreCut() {
    byte[] payload = new byte[1 << 20];
    new SplittableRandom(7).nextBytes(payload);
    byte[] body = call(1, TestProgram.ECHO, payload);
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      peer.sendInPieces(record(body), 100_003);
      peer.sendInPieces(fragments(body, 70_001), 30_011);
      peer.send(join(record(body), record(body)));
      byte[] expected = reply(1, payload);
      assertThat(peer.records()).containsExactly(expected, expected, expected, expected);
    }
  }

  @Test
  void recordsArriveWholeWhenTheBudgetToAssembleThemIsSpent() {
    byte[] payload = new byte[1 << 20];
    new SplittableRandom(8).nextBytes(payload);
    byte[] body = call(1, TestProgram.ECHO, payload);
    for (long budget : List.of(0L, 1L << 19, Limits.ASSEMBLY_BYTES)) {
      try (Peer peer = new Peer(Limits.DEFAULTS, budget)) {
        peer.sendInPieces(record(body), 20_011);
        peer.sendInPieces(fragments(body, 200_001), 90_011);
        assertThat(peer.records()).containsExactly(reply(1, payload), reply(1, payload));
        peer.sendInPieces(Arrays.copyOf(record(body), 500_000), 9_001);
        peer.channel.close();
        assertThat(peer.budget.left()).isEqualTo(budget);
      }
    }
  }

  @Test
  void memoryOfAPartialRecordFollowsWhatArrived() {
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      peer.send(words(0x8000_0000 | 1 << 20));
      peer.sendInPieces(new byte[RecordAssembler.EARNEST_BYTES - 1], 1000);
      assertThat(peer.budget.left()).isEqualTo(Limits.ASSEMBLY_BYTES);
      peer.send(new byte[1]);
      assertThat(peer.budget.left()).isEqualTo(Limits.ASSEMBLY_BYTES - (1 << 20));
    }
  }

  @Test
  void recordLargerThanTheLimitEndsTheConnection() {
    Limits limits = Limits.DEFAULTS.withRecordBytes(4096);
    for (byte[] sent :
        List.of(
            words(0x8000_0000 | 4097),
            words(0x7fff_ffff),
            record(new byte[4097]),
            fragments(new byte[4097], 1000))) {
      try (Peer peer = new Peer(limits)) {
        peer.send(sent);
        assertThat(peer.isOpen()).isFalse();
        assertThat(peer.counters.recordsRefused()).isEqualTo(1);
        assertThat(peer.records()).isEmpty();
      }
    }
  }

  @Test
  void tooManyFragmentsEndTheConnection() {
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      for (int i = 0; i < 10_000 && peer.channel.isOpen(); i++) {
        peer.send(words(0));
      }
      assertThat(peer.isOpen()).isFalse();
      assertThat(peer.counters.recordsRefused()).isEqualTo(1);
    }
  }

  @Test
  void recordWithoutMessageEndsTheConnectionAndWhatFollowsIsIgnored() {
    for (byte[] body : List.of(new byte[0], words(1), words(1, 2), new byte[7])) {
      try (Peer peer = new Peer(Limits.DEFAULTS)) {
        peer.send(join(record(body), record(call(1, TestProgram.ECHO, words(1)))));
        assertThat(peer.isOpen()).isFalse();
        assertThat(peer.records()).isEmpty();
      }
    }
  }

  @Test
  void tlsHandshakeEndsTheConnection() {
    try (Peer peer = new Peer(Limits.DEFAULTS)) {
      peer.send(new byte[] {0x16, 3, 1, 2, 0});
      assertThat(peer.isOpen()).isFalse();
    }
  }

  @Test
  void randomBytesNeverHarmTheServer() {
    long seed = Long.getLong("seed", 47);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      try (Peer peer = new Peer(Limits.DEFAULTS)) {
        byte[] sent = record(call(round, 1 + random.nextInt(4), words(random.nextInt())));
        for (int i = random.nextInt(4); i >= 0; i--) {
          sent[random.nextInt(sent.length)] = (byte) random.nextInt();
        }
        peer.sendInPieces(sent, 1 + random.nextInt(sent.length));
        peer.program.deferred.forEach(RpcCall::systemError);
        int answers = peer.records().size();
        assertThat(answers).as("answers with seed %d in round %d", seed, round).isLessThan(2);
      }
    }
  }
}
