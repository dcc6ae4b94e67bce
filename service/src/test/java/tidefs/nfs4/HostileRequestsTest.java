package tidefs.nfs4;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.testkit.Compound;
import tidefs.testkit.CompoundResult;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsFailure;
import tidefs.testkit.NfsWire;
import tidefs.testkit.OpenFile;
import tidefs.testkit.RpcSocket;
import tidefs.testkit.XdrOut;

/** What takes too much, never ends, or comes between two steps of another. */
final class HostileRequestsTest extends ServedTest {
  private static final int SESSION_OPERATIONS = 64;
  private static final int LARGE = 60_000;

  private static Compound lookingAtTheRoot(Compound compound, int times) {
    for (int time = 0; time < times; time++) {
      compound.putRootFh();
    }
    return compound;
  }

  @Test
  void aCompoundOfMoreOperationsThanAgreedIsRefusedBeforeItBegins() throws Exception {
    try (NfsClient client = served.client(1, "a")) {
      NfsWire wire = client.wire();
      wire.call(lookingAtTheRoot(wire.compound(), SESSION_OPERATIONS - 1)).ok();
      CompoundResult refused = wire.call(lookingAtTheRoot(wire.compound(), SESSION_OPERATIONS));
      assertThat(refused.status()).isEqualTo(Status.TOO_MANY_OPS);
      assertThat(refused.results()).hasSize(1);
      wire.takeBack(0);
      CompoundResult endless = wire.receive(wire.send(wire.compound().encode(Integer.MAX_VALUE)));
      assertThat(endless.status()).isEqualTo(Status.TOO_MANY_OPS);
      wire.takeBack(0);
      CompoundResult negative = wire.receive(wire.send(wire.compound().encode(-1)));
      assertThat(negative.status()).isEqualTo(Status.TOO_MANY_OPS);
      assertThat(negative.results()).isEmpty();
    }
    try (NfsClient old = served.client(0, "old")) {
      Compound many = lookingAtTheRoot(new Compound(0), 129);
      assertThat(old.wire().call(many).status()).isEqualTo(Status.RESOURCE);
    }
  }

  @Test
  void aCompoundThatPromisesMoreThanItBringsEndsWhereItEnds() throws Exception {
    try (NfsClient client = served.client(1, "a")) {
      NfsWire wire = client.wire();
      Compound two = wire.compound().putRootFh();
      CompoundResult result = wire.receive(wire.send(two.encode(SESSION_OPERATIONS)));
      assertThat(result.status()).isEqualTo(Status.BADXDR);
      assertThat(result.results()).hasSize(3);
      client.root();
    }
  }

  @Test
  void aReplyBeyondWhatTheSessionAllowsIsCutBeforeTheOperationThatIsTooMuch() throws Exception {
    FileHandle file;
    try (NfsClient client = served.client(1, "writer")) {
      OpenFile open = client.create(client.root(), "file", 0644);
      client.write(open, 0, Stability.FILE_SYNC, new byte[LARGE]);
      client.close(open);
      file = open.handle();
    }
    try (NfsClient client = served.client(1, "a")) {
      NfsWire wire = client.wire();
      wire.createSession(4_096, 1_024);
      CompoundResult large =
          wire.call(wire.uncached().putFh(file).getAttr(4).read(StateId.ANONYMOUS, 0, LARGE));
      assertThat(large.status()).isEqualTo(Status.REP_TOO_BIG);
      assertThat(large.results()).hasSize(4);
      assertThat(large.of(9, tidefs.testkit.FileAttributes.class).size()).isEqualTo(LARGE);
      CompoundResult kept =
          wire.call(wire.compound().putFh(file).read(StateId.ANONYMOUS, 0, 2_000));
      assertThat(kept.status()).isEqualTo(Status.REP_TOO_BIG_TO_CACHE);
      wire.call(wire.uncached().putFh(file).read(StateId.ANONYMOUS, 0, 2_000)).ok();
    }
  }

  @Test
  void tenThousandFragmentsEndTheirConnectionAndNoOther() throws Exception {
    try (NfsClient other = served.client(1, "other");
        RpcSocket hostile = new RpcSocket(served.address())) {
      try {
        for (int fragment = 0; fragment < 10_000; fragment++) {
          hostile.sendFragment(false, new byte[1]);
        }
      } catch (IOException closed) {
        assertThat(closed).hasMessageMatching("(?i).*(reset|pipe|aborted).*");
      }
      assertThat(hostile.isClosedByPeer()).isTrue();
      other.root();
    }
  }

  @Test
  void aGreedyClientIsServedNoMoreThanItsShare() throws Exception {
    int connections = 4;
    int outstanding = 32;
    int calls = 200;
    FileHandle file;
    try (NfsClient client = served.client(1, "writer")) {
      OpenFile open = client.create(client.root(), "file", 0644);
      client.write(open, 0, Stability.FILE_SYNC, new byte[LARGE]);
      client.close(open);
      file = open.handle();
    }
    AtomicBoolean ends = new AtomicBoolean();
    AtomicLong served64 = new AtomicLong();
    List<Thread> greedy = new ArrayList<>();
    for (int connection = 0; connection < connections; connection++) {
      String name = "greedy " + connection;
      greedy.add(
          Thread.ofPlatform().start(() -> readOnAndOn(name, file, outstanding, ends, served64)));
    }
    try (NfsClient modest = served.client(1, "modest")) {
      while (served64.get() < outstanding) {
        Thread.onSpinWait();
      }
      long before = served64.get();
      for (int call = 0; call < calls; call++) {
        modest.stat(file);
      }
      // Of each connection at most what it has under way is served before another's turn comes.
      assertThat(served64.get() - before).isLessThan((long) calls * connections * outstanding * 2);
    } finally {
      ends.set(true);
      for (Thread each : greedy) {
        each.join();
      }
    }
  }

  private void readOnAndOn(
      String name, FileHandle file, int outstanding, AtomicBoolean ends, AtomicLong count) {
    try (NfsClient client = served.client(0, name)) {
      NfsWire wire = client.wire();
      Compound read = new Compound(0).putFh(file).read(StateId.ANONYMOUS, 0, LARGE);
      List<Integer> under = new ArrayList<>();
      while (!ends.get()) {
        while (under.size() < outstanding) {
          under.add(wire.send(read));
        }
        wire.receive(under.removeFirst()).ok();
        count.incrementAndGet();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFileThatIsRemovedWhileItIsOpenedLeavesNoOpenBehind() throws Exception {
    AtomicBoolean ends = new AtomicBoolean();
    Thread remover =
        Thread.ofPlatform()
            .start(() -> {
              try (NfsClient client = served.client(1, "remover")) {
                FileHandle root = client.root();
                while (!ends.get()) {
                  removeIfThere(client, root);
                }
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    try (NfsClient client = served.client(1, "opener")) {
      FileHandle root = client.root();
      for (int turn = 0; turn < 1_000; turn++) {
        OpenFile open = client.openOrCreate(root, "file", NewAttributes.none().mode(0644));
        try {
          client.write(open, 0, Stability.UNSTABLE, new byte[10]);
          client.close(open);
        } catch (NfsFailure removed) {
          assertThat(removed.status()).isEqualTo(Status.STALE);
        }
      }
    } finally {
      ends.set(true);
      remover.join();
    }
    assertThat(served.volume().files().size()).isZero();
  }

  private static void removeIfThere(NfsClient client, FileHandle root) throws IOException {
    try {
      client.remove(root, "file");
    } catch (NfsFailure refused) {
      assertThat(refused.status()).isEqualTo(Status.NOENT);
    }
  }

  @Test
  void anOpenOfTheRootIsNoFile() throws Exception {
    try (NfsClient client = served.client(1, "a")) {
      NfsWire wire = client.wire();
      CompoundResult result =
          wire.call(
              wire.compound()
                  .putRootFh()
                  .open(
                      0,
                      1,
                      0,
                      wire.clientId(),
                      "owner",
                      new XdrOut().int32(0),
                      new XdrOut().int32(4)));
      assertThat(result.status()).isEqualTo(Status.ISDIR);
    }
  }
}
