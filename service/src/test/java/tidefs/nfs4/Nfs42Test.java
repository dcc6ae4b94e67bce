package tidefs.nfs4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.NfsConfig;
import tidefs.testkit.Compound;
import tidefs.testkit.CompoundResult;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;
import tidefs.testkit.XdrIn;
import tidefs.testkit.XdrOut;

/** What version 4.2 has more, end to end over a loopback socket. */
final class Nfs42Test extends ServedTest {

  private static XdrIn seek(NfsClient client, OpenFile file, long offset, int what)
      throws Exception {
    XdrOut arguments = new XdrOut().stateId(file.stateId()).int64(offset).int32(what);
    return call(client, at(client, file.handle()).op(69, arguments));
  }

  private static void range(NfsClient client, int code, OpenFile file, long offset, long length)
      throws Exception {
    XdrOut arguments = new XdrOut().stateId(file.stateId()).int64(offset).int64(length);
    client.wire().call(at(client, file.handle()).op(code, arguments)).ok();
  }

  @Test
  void holesArePunchedFoundAndRead() throws Exception {
    try (NfsClient client = served.client(2, "a")) {
      byte[] data = pattern(CHUNK + 100_000);
      OpenFile file = filled(client, "file", data);
      range(client, 62, file, 10_000, 50_000);
      Arrays.fill(data, 10_000, 60_000, (byte) 0);
      assertThat(client.readAll(file.handle())).isEqualTo(data);
      XdrIn hole = seek(client, file, 0, 1);
      assertThat(hole.bool()).isFalse();
      assertThat(hole.int64()).isEqualTo(12_288);
      XdrIn next = seek(client, file, 12_288, 0);
      assertThat(next.bool()).isFalse();
      assertThat(next.int64()).isEqualTo(57_344);
      XdrIn end = seek(client, file, 57_344, 1);
      assertThat(end.bool()).isTrue();
      assertThat(end.int64()).isEqualTo(data.length);
      refused(Status.NXIO, () -> seek(client, file, data.length, 0));
      refused(Status.UNION_NOTSUPP, () -> seek(client, file, 0, 7));
      refused(Status.INVAL, () -> range(client, 62, file, 0, 0));
      XdrOut plus = new XdrOut().stateId(file.stateId()).int64(8_192).int32(100_000);
      XdrIn read = call(client, at(client, file.handle()).op(68, plus));
      assertThat(read.bool()).isFalse();
      assertThat(read.int32()).isEqualTo(3);
      assertData(read, 8_192, Arrays.copyOfRange(data, 8_192, 12_288));
      assertThat(read.int32()).isEqualTo(1);
      assertThat(read.int64()).isEqualTo(12_288);
      assertThat(read.int64()).isEqualTo(57_344 - 12_288);
      assertData(read, 57_344, Arrays.copyOfRange(data, 57_344, 108_192));
      client.close(file);
    }
  }

  private static void assertData(XdrIn read, long offset, byte[] data) {
    assertThat(read.int32()).isEqualTo(0);
    assertThat(read.int64()).isEqualTo(offset);
    assertThat(read.opaque()).isEqualTo(data);
  }

  @Test
  void allocatingExtends() throws Exception {
    try (NfsClient client = served.client(2, "a")) {
      OpenFile file = filled(client, "file", pattern(100));
      range(client, 59, file, 50, 1_000);
      assertThat(client.stat(file.handle()).size()).isEqualTo(1_050);
      refused(Status.FBIG, () -> range(client, 59, file, 1L << 60, 1));
      refused(Status.INVAL, () -> range(client, 59, file, 0, 0));
    }
  }

  private static Compound copy(
      NfsClient client, OpenFile source, OpenFile target, long from, long to, long count) {
    XdrOut arguments =
        new XdrOut()
            .stateId(source.stateId())
            .stateId(target.stateId())
            .int64(from)
            .int64(to)
            .int64(count)
            .bool(true)
            .bool(false)
            .int32(0);
    return at(client, source.handle()).saveFh().putFh(target.handle()).op(60, arguments);
  }

  @Test
  void aCopyHasTheSameBytesAndHoles() throws Exception {
    try (NfsClient client = served.client(2, "a")) {
      byte[] data = pattern(3 * CHUNK);
      OpenFile source = filled(client, "source", data);
      range(client, 62, source, CHUNK, CHUNK);
      Arrays.fill(data, CHUNK, 2 * CHUNK, (byte) 0);
      OpenFile target = filled(client, "target", pattern(5_000));
      XdrIn done = call(client, copy(client, source, target, 0, 4_096, 0));
      assertThat(done.int32()).as("callback ids").isZero();
      assertThat(done.int64()).isEqualTo(data.length);
      done.int32();
      long verifier = done.int64();
      assertThat(client.commit(target.handle())).isEqualTo(verifier);
      byte[] copied = client.readAll(target.handle());
      assertThat(Arrays.copyOf(copied, 4_096)).isEqualTo(pattern(4_096));
      assertThat(Arrays.copyOfRange(copied, 4_096, copied.length)).isEqualTo(data);
      assertThat(client.getattr(target.handle(), Attribute.SPACE_USED).spaceUsed())
          .isEqualTo(2L * CHUNK + 4_096);
      refused(Status.INVAL, () -> call(client, copy(client, source, target, data.length, 0, 1)));
      refused(Status.INVAL, () -> call(client, copy(client, source, source, 0, 100, 200)));
      client.close(source);
      refused(Status.BAD_STATEID, () -> call(client, copy(client, source, target, 0, 0, 1)));
    }
  }

  private static Compound setXattr(
      NfsClient client, FileHandle file, int how, String name, byte[] value) {
    return at(client, file).op(73, new XdrOut().int32(how).text(name).opaque(value));
  }

  @Test
  void extendedAttributesAreSetReadListedAndRemoved() throws Exception {
    try (NfsClient client = served.client(2, "a")) {
      FileHandle file = client.mkdir(client.root(), "dir", 0755);
      long change = client.stat(file).change();
      XdrIn set = call(client, setXattr(client, file, 1, "one", "value".getBytes(UTF_8)));
      assertThat(set.bool()).isTrue();
      assertThat(set.int64()).isEqualTo(change);
      assertThat(set.int64()).isEqualTo(client.stat(file).change());
      refused(Status.EXIST, () -> call(client, setXattr(client, file, 1, "one", new byte[0])));
      refused(Status.NOXATTR, () -> call(client, setXattr(client, file, 2, "two", new byte[0])));
      refused(
          Status.XATTR2BIG, () -> call(client, setXattr(client, file, 0, "two", new byte[65_537])));
      call(client, setXattr(client, file, 0, "two", pattern(65_536)));
      Compound get = client.wire().uncached().putFh(file).op(72, new XdrOut().text("two"));
      assertThat(call(client, get).opaque()).isEqualTo(pattern(65_536));
      Compound list = at(client, file).op(74, new XdrOut().int64(0).int32(24));
      XdrIn first = call(client, list);
      long cookie = first.int64();
      assertThat(first.int32()).isEqualTo(1);
      String one = new String(first.opaque(), UTF_8);
      assertThat(first.bool()).isFalse();
      XdrIn second = call(client, at(client, file).op(74, new XdrOut().int64(cookie).int32(24)));
      second.int64();
      assertThat(second.int32()).isEqualTo(1);
      assertThat(new String(second.opaque(), UTF_8)).isNotEqualTo(one).isIn("one", "two");
      assertThat(second.bool()).isTrue();
      Compound tooSmall = at(client, file).op(74, new XdrOut().int64(0).int32(16));
      refused(Status.TOOSMALL, () -> call(client, tooSmall));
      call(client, at(client, file).op(75, new XdrOut().text("one")));
      Compound gone = at(client, file).op(72, new XdrOut().text("one"));
      refused(Status.NOXATTR, () -> call(client, gone));
      assertThat(client.access(file, 0x1c0)).isEqualTo(0x1c0);
    }
  }

  @Test
  void theModeOfANewFileIsMaskedByTheServer() throws Exception {
    try (NfsClient client = served.client(2, "a")) {
      XdrOut values = new XdrOut().int32(0666).int32(0027);
      XdrOut how =
          new XdrOut().int32(1).int32(0).bitmap(Attribute.MODE_UMASK).opaque(values.toBytes());
      OpenFile file = client.open(client.root(), "file", 3, NfsClient.OWNER, how);
      assertThat(client.stat(file.handle()).mode()).isEqualTo(0640);
      XdrOut set =
          new XdrOut()
              .stateId(StateId.ANONYMOUS)
              .bitmap(Attribute.MODE_UMASK)
              .opaque(values.toBytes());
      refused(Status.INVAL, () -> client.wire().call(at(client, file.handle()).op(34, set)).ok());
    }
  }

  @Test
  void anOpenIsNoCopy() throws Exception {
    try (NfsClient client = served.client(2, "a")) {
      OpenFile file = filled(client, "file", pattern(10));
      for (int code : new int[] {66, 67}) {
        XdrOut arguments = new XdrOut().stateId(file.stateId());
        CompoundResult result = client.wire().call(at(client, file.handle()).op(code, arguments));
        assertThat(result.status()).as("operation %d", code).isEqualTo(Status.BAD_STATEID);
      }
    }
  }

  @Test
  void withoutExtensionsVersion42IsUnknown() throws Exception {
    served.close();
    Path other = java.nio.file.Files.createDirectory(directory.resolve("strict"));
    served =
        new ServedFileSystem(other, resources, NfsConfig.DEFAULTS.withExtensions(false), false);
    refused(Status.MINOR_VERS_MISMATCH, () -> served.client(2, "a"));
    try (NfsClient client = served.client(1, "a")) {
      CompoundResult result =
          client
              .wire()
              .call(client.wire().compound().putRootFh().op(72, new XdrOut().text("name")));
      assertThat(result.status()).isEqualTo(Status.OP_ILLEGAL);
    }
  }
}
