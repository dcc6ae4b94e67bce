package tidefs.nfs4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.LockType;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.NfsConfig;
import tidefs.testkit.Compound;
import tidefs.testkit.CompoundResult;
import tidefs.testkit.Credentials;
import tidefs.testkit.Entry;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsWire;
import tidefs.testkit.OpenFile;
import tidefs.testkit.RpcSocket;
import tidefs.testkit.XdrOut;

/** NFS end to end over a loopback socket, with a client that has a codec of its own. */
final class NfsProgramTest extends ServedTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatIsWrittenIsRead(int minorVersion) throws Exception {
    try (NfsClient client = served.client(minorVersion, "a")) {
      OpenFile file = client.create(client.root(), "file", 0640);
      byte[] data = pattern(1 << 20);
      CompoundResult.Written written = client.write(file, 0, Stability.UNSTABLE, data);
      assertThat(written.count()).isEqualTo(data.length);
      assertThat(client.commit(file.handle())).isEqualTo(written.verifier());
      assertThat(
              client.write(file, data.length, Stability.FILE_SYNC, "end".getBytes(UTF_8)).count())
          .isEqualTo(3);
      for (int at = 0; at < data.length; at += 1 << 15) {
        CompoundResult.Data read = client.read(file, at, 1 << 15);
        assertThat(read.bytes()).isEqualTo(Arrays.copyOfRange(data, at, at + (1 << 15)));
        assertThat(read.eof()).isFalse();
      }
      CompoundResult.Data tail = client.read(file, 1 << 20, 100);
      assertThat(new String(tail.bytes(), UTF_8)).isEqualTo("end");
      assertThat(tail.eof()).isTrue();
      client.close(file);
      assertThat(client.stat(file.handle()).size()).isEqualTo((1 << 20) + 3);
      refused(Status.BAD_STATEID, () -> client.read(file, 0, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void namesAreMadeMovedAndRemoved(int minorVersion) throws Exception {
    try (NfsClient client = served.client(minorVersion, "a")) {
      FileHandle root = client.root();
      FileHandle sub = client.mkdir(root, "sub", 0755);
      client.close(client.create(root, "one", 0644));
      FileHandle one = client.lookup(root, "one");
      client.link(one, sub, "two");
      assertThat(client.stat(one).links()).isEqualTo(2);
      client.rename(root, "one", sub, "three");
      refused(Status.NOENT, () -> client.lookup(root, "one"));
      assertThat(client.lookup("sub/three")).isEqualTo(one);
      client.symlink(root, "link", "sub/three");
      assertThat(client.readlink(client.lookup(root, "link"))).isEqualTo("sub/three");
      refused(Status.NOTEMPTY, () -> client.remove(root, "sub"));
      client.remove(sub, "two");
      client.remove(sub, "three");
      client.remove(root, "sub");
      refused(Status.STALE, () -> client.stat(one));
      assertThat(client.readdir(root)).extracting(Entry::name).containsExactly("link");
    }
  }

  @Test
  void directoriesAreListedInPagesWithoutLossOrRepetition() throws Exception {
    try (NfsClient client = served.client(1, "a")) {
      FileHandle root = client.root();
      for (int number = 0; number < 500; number++) {
        client.close(client.create(root, "name-" + number, 0644));
      }
      List<Entry> entries = client.readdir(root, 4, 20);
      assertThat(entries).hasSize(500);
      assertThat(entries).extracting(Entry::name).doesNotHaveDuplicates();
      assertThat(entries).extracting(Entry::cookie).allMatch(cookie -> cookie > 2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void locksOfTwoClientsExcludeEachOther(int minorVersion) throws Exception {
    try (NfsClient first = served.client(minorVersion, "a");
        NfsClient second = served.client(minorVersion, "b")) {
      OpenFile mine = first.create(first.root(), "file", 0666);
      OpenFile yours = second.open(second.root(), "file", Share.ACCESS_BOTH);
      var held = first.lock(mine, "anna", LockType.WRITE, 10, 10);
      refused(Status.DENIED, () -> second.lock(yours, "bert", LockType.READ, 15, 1));
      var other = second.lock(yours, "carl", LockType.WRITE, 20, -1);
      first.unlock(held, 10, 5);
      second.lock(other, LockType.READ, 10, 5);
      refused(Status.DENIED, () -> first.lock(held, LockType.WRITE, 0, 11));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void stateIdOfLocksOutlivesARefusal(int minorVersion) throws Exception {
    try (NfsClient first = served.client(minorVersion, "a");
        NfsClient second = served.client(minorVersion, "b")) {
      OpenFile mine = first.create(first.root(), "file", 0666);
      OpenFile yours = second.open(second.root(), "file", Share.ACCESS_BOTH);
      var held = first.lock(mine, "anna", LockType.WRITE, 0, 10);
      first.unlock(held, 0, 10);
      var other = second.lock(yours, "bert", LockType.WRITE, 0, 10);
      refused(Status.DENIED, () -> first.lock(held, LockType.WRITE, 0, 10));
      second.unlock(other, 0, 10);
      first.lock(held, LockType.WRITE, 0, 10);
    }
  }

  @Test
  void expiredClientKeepsItsLockUntilAnotherWantsIt() throws Exception {
    try (NfsClient first = served.client(1, "a");
        NfsClient second = served.client(1, "b")) {
      OpenFile mine = first.create(first.root(), "file", 0666);
      OpenFile yours = second.open(second.root(), "file", Share.ACCESS_BOTH);
      first.lock(mine, "anna", LockType.WRITE, 0, 10);
      served.clock.advance(Duration.ofSeconds(91));
      served.volume().sweep();
      assertThat(first.read(mine, 0, 1).bytes()).isEmpty();
      served.clock.advance(Duration.ofSeconds(91));
      var held = second.lock(yours, "bert", LockType.WRITE, 0, 10);
      assertThat(held).isNotNull();
      refused(Status.BADSESSION, () -> first.read(mine, 0, 1));
    }
  }

  @Test
  void clientReclaimsItsFileAfterTheServerWasKilled() throws Exception {
    byte[] data = pattern(5000);
    NfsClient before = served.client(1, "a");
    OpenFile file = before.create(before.root(), "file", 0600);
    before.write(file, 0, Stability.FILE_SYNC, data);
    served.killAndServeAgain();
    before.close();
    NfsWire wire = new NfsWire(served.address(), 1, Credentials.ROOT, "a", 1);
    wire.establish();
    try (NfsClient after = NfsClient.over(wire);
        NfsClient stranger = served.client(1, "b")) {
      refused(Status.BAD_STATEID, () -> after.read(file, 0, 1));
      refused(Status.GRACE, () -> stranger.create(stranger.root(), "new", 0600));
      refused(Status.NO_GRACE, () -> stranger.reclaim(file, Share.ACCESS_BOTH));
      OpenFile again = after.reclaim(file, Share.ACCESS_BOTH);
      assertThat(after.read(again, 0, 5000).bytes()).isEqualTo(data);
      wire.reclaimComplete();
      assertThat(stranger.create(stranger.root(), "new", 0600)).isNotNull();
      refused(Status.NO_GRACE, () -> after.reclaim(file, Share.ACCESS_BOTH));
    }
  }

  @Test
  void retriedRequestIsAnsweredFromTheSlot() throws Exception {
    try (NfsClient client = served.client(1, "a")) {
      NfsWire wire = client.wire();
      byte[] remove = wire.compound().putRootFh().mkdir("once", NewAttributes.none()).encode();
      CompoundResult first = wire.receive(wire.send(remove)).ok();
      wire.reconnect();
      CompoundResult second = wire.receive(wire.send(remove)).ok();
      assertThat(second.toString()).isEqualTo(first.toString());
      assertThat(client.readdir(client.root())).hasSize(1);
    }
  }

  @Test
  void permissionsAreThoseOfTheCaller() throws Exception {
    try (NfsClient root = served.client(1, "a");
        NfsClient user = NfsClient.connect(served.address(), 1, Credentials.of(1000, 1000), "b")) {
      OpenFile secret = root.create(root.root(), "secret", 0600);
      refused(Status.ACCESS, () -> user.open(user.root(), "secret", Share.ACCESS_READ));
      refused(Status.ACCESS, () -> user.create(user.root(), "mine", 0600));
      refused(Status.PERM, () -> user.setattr(secret.handle(), NewAttributes.none().mode(0666)));
      root.setattr(secret.handle(), NewAttributes.none().owner("1000"));
      assertThat(user.open(user.root(), "secret", Share.ACCESS_BOTH)).isNotNull();
      refused(
          Status.BADOWNER,
          () -> root.setattr(secret.handle(), NewAttributes.none().owner("root@localdomain")));
    }
  }

  @Test
  void whatEfsDoesNotHaveIsRefused() throws Exception {
    try (NfsClient client = served.client(1, "a")) {
      FileHandle file = client.create(client.root(), "file", 0644).handle();
      int acl = 12;
      refused(
          Status.ATTRNOTSUPP,
          () -> client.setattr(file, NewAttributes.none().raw(acl, new byte[4])));
      assertThat(client.getattr(file, acl, 1).has(acl)).isFalse();
      assertThat(client.getattr(file, 44).number(44)).isEqualTo(Long.MAX_VALUE);
      Compound deny =
          client
              .wire()
              .compound()
              .putRootFh()
              .open(
                  0,
                  Share.ACCESS_READ,
                  Share.DENY_WRITE,
                  0,
                  "o",
                  new XdrOut().int32(0),
                  new XdrOut().int32(0).text("file"));
      assertThat(client.wire().call(deny).status()).isEqualTo(Status.NOTSUPP);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void devicesKeepTheirNumbersAndAreNoFiles(int minorVersion) throws Exception {
    int rawDevice = 41;
    int blockDevice = 3;
    try (NfsClient client = served.client(minorVersion, "a")) {
      FileHandle device = client.special(client.root(), blockDevice, -2, 7, "sda7");
      assertThat(client.getattr(device, rawDevice).number(rawDevice)).isEqualTo(-2L << 32 | 7);
      assertThat(client.stat(device).type()).isEqualTo(blockDevice);
      Status wrongType = minorVersion == 0 ? Status.INVAL : Status.WRONG_TYPE;
      refused(wrongType, () -> client.commit(device));
      refused(Status.INVAL, () -> client.setattr(device, NewAttributes.none().size(0)));
      refused(
          minorVersion == 0 ? Status.SYMLINK : Status.WRONG_TYPE,
          () -> client.open(client.root(), "sda7", Share.ACCESS_READ));
      FileHandle open = client.mkdir(client.root(), "open", 0777);
      client.wire().as(Credentials.of(1000, 1000));
      refused(Status.PERM, () -> client.special(open, 4, 1, 3, "null"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void closingFreesTheLocks(int minorVersion) throws Exception {
    try (NfsClient first = served.client(minorVersion, "a");
        NfsClient second = served.client(minorVersion, "b")) {
      OpenFile mine = first.create(first.root(), "file", 0666);
      OpenFile yours = second.open(second.root(), "file", Share.ACCESS_BOTH);
      first.lock(mine, "anna", LockType.WRITE, 0, 10);
      refused(Status.DENIED, () -> second.lock(yours, "bert", LockType.READ, 0, 1));
      first.close(mine);
      second.lock(yours, "bert", LockType.READ, 0, 1);
    }
  }

  @Test
  void withoutExtensionsDevicesAreRefused(@TempDir Path other) throws Exception {
    NfsConfig strict = NfsConfig.DEFAULTS.withExtensions(false);
    try (ServedFileSystem efs = new ServedFileSystem(other, resources, strict, false);
        NfsClient client = efs.client(1, "a")) {
      for (int type = 3; type <= 4; type++) {
        int kind = type;
        refused(Status.BADTYPE, () -> client.special(client.root(), kind, 1, 2, "device"));
      }
    }
  }

  @Test
  void sharedRootShowsFileSystemsAsDirectories(@TempDir Path other) throws Exception {
    try (ServedFileSystem all = new ServedFileSystem(other, resources, NfsConfig.DEFAULTS, true);
        NfsClient client = all.client(1, "a")) {
      assertThat(client.readdir(client.root(), 8))
          .extracting(Entry::name)
          .containsExactly("fs-test", "fs-other");
      FileHandle inside = client.lookup("fs-test");
      OpenFile file = client.create(inside, "file", 0600);
      client.write(file, 0, Stability.FILE_SYNC, "abc".getBytes(UTF_8));
      assertThat(client.readAll(client.lookup("fs-test/file"))).isEqualTo("abc".getBytes(UTF_8));
      refused(Status.ROFS, () -> client.mkdir(client.root(), "more", 0755));
      CompoundResult up =
          client.wire().call(client.wire().compound().putFh(inside).lookupP().getFh());
      assertThat(up.ok().last(FileHandle.class)).isEqualTo(client.root());
    }
  }

  @Test
  void requestsOnManySlotsOverlap() throws Exception {
    try (NfsClient client = served.client(1, "a")) {
      NfsWire wire = client.wire();
      int[] xids = new int[16];
      for (int slot = 0; slot < xids.length; slot++) {
        xids[slot] =
            wire.send(wire.compound(slot).putRootFh().mkdir("d" + slot, NewAttributes.none()));
      }
      for (int at = xids.length - 1; at >= 0; at--) {
        assertThat(wire.receive(xids[at]).status()).isEqualTo(Status.OK);
      }
      assertThat(client.readdir(client.root())).hasSize(16);
      assertThat(Arrays.stream(xids).distinct().count()).isEqualTo(16);
    }
  }

  @Test
  void oldRequestThatComesAgainIsNotPerformedAgain() throws Exception {
    try (NfsClient client = served.client(0, "a")) {
      NfsWire wire = client.wire();
      byte[] mkdir = wire.compound().putRootFh().mkdir("once", NewAttributes.none()).encode();
      int xid = wire.send(mkdir);
      CompoundResult first = wire.receive(xid).ok();
      wire.reconnect();
      wire.socket().sendRecord(RpcSocket.call(xid, NfsWire.PROGRAM, 4, 1, Credentials.ROOT, mkdir));
      assertThat(wire.receive(xid).ok().toString()).isEqualTo(first.toString());
      assertThat(wire.receive(wire.send(mkdir)).status()).isEqualTo(Status.EXIST);
    }
  }

  @Test
  void oldClientWhoseFilesWereTakenIsToldThatItExpired() throws Exception {
    try (NfsClient first = served.client(0, "a");
        NfsClient second = served.client(0, "b")) {
      OpenFile mine = first.create(first.root(), "file", 0666);
      first.lock(mine, "anna", LockType.WRITE, 0, 10);
      OpenFile yours = second.open(second.root(), "file", Share.ACCESS_BOTH);
      served.clock.advance(Duration.ofSeconds(91));
      second.lock(yours, "bert", LockType.WRITE, 5, 1);
      refused(Status.EXPIRED, () -> first.read(mine, 0, 1));
      CompoundResult renewed =
          first.wire().call(new Compound(0).op(30, new XdrOut().int64(first.wire().clientId())));
      assertThat(renewed.status()).isEqualTo(Status.EXPIRED);
    }
  }

  @Test
  void shareReservationsAreKeptIfConfigured(@TempDir Path other) throws Exception {
    NfsConfig config = NfsConfig.DEFAULTS.withShareDeny(true);
    try (ServedFileSystem strict = new ServedFileSystem(other, resources, config, false);
        NfsClient first = strict.client(1, "a");
        NfsClient second = strict.client(1, "b")) {
      first.create(first.root(), "file", 0666);
      Compound deny =
          first
              .wire()
              .compound()
              .putRootFh()
              .open(
                  0,
                  Share.ACCESS_READ,
                  Share.DENY_WRITE,
                  0,
                  "denier",
                  new XdrOut().int32(0),
                  new XdrOut().int32(0).text("file"));
      assertThat(first.wire().call(deny).status()).isEqualTo(Status.SHARE_DENIED);
      second.open(second.root(), "file", Share.ACCESS_READ);
    }
  }
}
