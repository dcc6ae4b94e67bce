package tidefs.nfs4;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.Clone;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.NfsConfig;
import tidefs.testkit.Compound;
import tidefs.testkit.Credentials;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;
import tidefs.testkit.XdrOut;

/** CLONE over the wire (RFC 7862 §15.13). */
final class CloneTest extends ServedTest {
  private static final int BLOCK = 4_096;

  /** A file as one of the two. */
  private record End(FileHandle handle, StateId id) {
    static End of(OpenFile file) {
      return new End(file.handle(), file.stateId());
    }
  }

  private static void clone(NfsClient client, End from, End to, long... range) throws Exception {
    XdrOut arguments = new XdrOut().stateId(from.id()).stateId(to.id());
    for (long each : range) {
      arguments.int64(each);
    }
    Compound compound = at(client, from.handle()).saveFh().putFh(to.handle());
    client.wire().call(compound.op(Clone.CODE, arguments)).ok();
  }

  private static void clone(NfsClient client, OpenFile from, OpenFile to, long... range)
      throws Exception {
    clone(client, End.of(from), End.of(to), range);
  }

  private static void refused(Status status, NfsClient client, End from, End to, long... range) {
    refused(status, () -> clone(client, from, to, range));
  }

  private static void refused(
      Status status, NfsClient client, OpenFile from, OpenFile to, long... range) {
    refused(status, client, End.of(from), End.of(to), range);
  }

  @Test
  void aFileIsClonedAtOnceAndForGood() throws Exception {
    try (NfsClient client = served.client(2, "a")) {
      byte[] data = pattern(CHUNK + 5_000);
      OpenFile source = filled(client, "source", data);
      OpenFile target = filled(client, "target", pattern(10));
      long change = client.stat(target.handle()).change();
      clone(client, source, target, 0, 0, 0);
      assertThat(client.stat(target.handle()).change()).isGreaterThan(change);
      client.write(source, 0, Stability.UNSTABLE, new byte[100]);
      assertThat(client.readAll(target.handle())).isEqualTo(data);
      clone(client, target, target, 0, 2L * CHUNK, BLOCK);
      byte[] longer = Arrays.copyOf(data, 2 * CHUNK + BLOCK);
      System.arraycopy(data, 0, longer, 2 * CHUNK, BLOCK);
      served.killAndServeAgain();
      client.wire().moveTo(served.address());
      client.wire().establish(true);
      client.wire().reclaimComplete();
      assertThat(client.readAll(target.handle())).isEqualTo(longer);
    }
  }

  @Test
  void theBlockSizeIsTold() throws Exception {
    try (NfsClient client = served.client(2, "a")) {
      int told =
          (int)
              client
                  .getattr(client.root(), Attribute.CLONE_BLKSIZE)
                  .number(Attribute.CLONE_BLKSIZE);
      assertThat(told).isEqualTo(BLOCK);
    }
  }

  @Test
  void whatIsNotAlignedOrOverlapsOrIsNotThereIsInvalid() throws Exception {
    try (NfsClient client = served.client(2, "a")) {
      OpenFile source = filled(client, "source", pattern(10 * BLOCK + 7));
      OpenFile target = filled(client, "target", pattern(1));
      refused(Status.INVAL, client, source, target, 1, 0, BLOCK);
      refused(Status.INVAL, client, source, target, 0, 1, BLOCK);
      refused(Status.INVAL, client, source, target, 0, 0, BLOCK + 7);
      refused(Status.INVAL, client, source, target, 11 * BLOCK, 0, 0);
      refused(Status.INVAL, client, source, target, 0, 0, 10 * BLOCK + 8);
      refused(Status.INVAL, client, source, target, -BLOCK, 0, BLOCK);
      refused(Status.INVAL, client, source, target, 0, -BLOCK, BLOCK);
      refused(Status.INVAL, client, source, target, 0, 0, -BLOCK);
      refused(Status.INVAL, client, source, source, 0, BLOCK, 2 * BLOCK);
      refused(Status.INVAL, client, source, source, 0, 0, 0);
      refused(Status.FBIG, client, source, target, 0, 1L << 60, 0);
      clone(client, source, target, 10 * BLOCK, BLOCK, 7);
      assertThat(client.stat(target.handle()).size()).isEqualTo(BLOCK + 7);
      clone(client, source, target, 9 * BLOCK, 0, 0);
      assertThat(client.stat(target.handle()).size()).isEqualTo(BLOCK + 7);
    }
  }

  @Test
  void stateIdsAndRightsAreThoseOfReadAndWrite() throws Exception {
    try (NfsClient client = served.client(2, "a")) {
      OpenFile open = filled(client, "target", pattern(1));
      End source = End.of(filled(client, "source", pattern(10)));
      End target = End.of(open);
      XdrOut noCreation = new XdrOut().int32(0);
      End readOnly =
          End.of(client.open(client.root(), "target", Share.ACCESS_READ, "reader", noCreation));
      refused(Status.OPENMODE, client, source, readOnly, 0, 0, 0);
      clone(client, readOnly, source, 0, 0, 0);
      End elsewhere = new End(target.handle(), source.id());
      refused(Status.BAD_STATEID, client, source, elsewhere, 0, 0, 0);
      refused(Status.BAD_STATEID, client, elsewhere, target, 0, 0, 0);
      client.close(open);
      refused(Status.BAD_STATEID, client, source, target, 0, 0, 0);
      End anonymous = new End(target.handle(), StateId.ANONYMOUS);
      clone(client, source, anonymous, 0, 0, 0);
      client.setattr(target.handle(), NewAttributes.none().mode(0444));
      client.wire().as(Credentials.of(1000, 1000));
      refused(Status.ACCESS, client, source, anonymous, 0, 0, 0);
    }
  }

  @Test
  void onlyRegularFilesAreCloned() throws Exception {
    try (NfsClient client = served.client(2, "a")) {
      End file = End.of(filled(client, "file", pattern(10)));
      FileHandle directory = client.mkdir(client.root(), "directory", 0755);
      FileHandle link = client.symlink(client.root(), "link", "file");
      for (FileHandle other : new FileHandle[] {directory, link}) {
        End none = new End(other, StateId.ANONYMOUS);
        refused(Status.WRONG_TYPE, client, file, none, 0, 0, 0);
        refused(Status.WRONG_TYPE, client, none, file, 0, 0, 0);
      }
      XdrOut arguments = new XdrOut().stateId(file.id()).stateId(file.id());
      arguments.int64(0).int64(BLOCK).int64(0);
      refused(Status.NOFILEHANDLE, () -> call(client, at(client, file.handle()).op(71, arguments)));
    }
  }

  @Test
  void otherFileSystemsAreOutOfReach() throws Exception {
    Path other = Files.createDirectory(directory.resolve("shared"));
    try (ServedFileSystem all = new ServedFileSystem(other, resources, NfsConfig.DEFAULTS, true);
        NfsClient client = all.client(2, "a")) {
      OpenFile open = client.create(client.lookup("fs-test"), "file", 0600);
      client.write(open, 0, Stability.FILE_SYNC, pattern(10));
      End here = End.of(open);
      End there = End.of(client.create(client.lookup("fs-other"), "file", 0600));
      refused(Status.XDEV, client, here, there, 0, 0, 0);
      End root = new End(client.root(), StateId.ANONYMOUS);
      refused(Status.WRONG_TYPE, client, root, there, 0, 0, 0);
      refused(Status.ROFS, client, here, root, 0, 0, 0);
    }
  }
}
