package tidefs.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.testkit.Compound;
import tidefs.testkit.CompoundResult;
import tidefs.testkit.Credentials;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsWire;
import tidefs.testkit.XdrOut;

/**
 * A client without ClientWrite is told by every operation that would change something that the file
 * system is read-only, in each version, and nothing changes.
 */
final class ReadOnlyClientTest extends ClientTest {
  /** Operations that change what others see, by number: every one must be among the attempts. */
  private static final Map<Integer, Set<Integer>> WRITING =
      Map.of(
          0, Set.of(5, 6, 11, 18, 28, 29, 34, 38),
          1, Set.of(5, 6, 11, 18, 28, 29, 34, 38),
          2, Set.of(5, 6, 11, 18, 28, 29, 34, 38, 59, 60, 62, 71, 73, 75));

  /** Those that no client can use, whatever its rights. */
  private static final Set<Integer> NEVER_SUPPORTED = Set.of(19, 70);

  /** One operation, and what it is tried on: a file or a directory. */
  private record Attempt(int code, boolean onFile, XdrOut arguments) {}

  private final Map<String, Attempt> attempts = new LinkedHashMap<>();

  private void attempt(String what, int code, boolean onFile, XdrOut arguments) {
    attempts.put(what, new Attempt(code, onFile, arguments));
  }

  private void prepare(int minorVersion, NfsWire wire) {
    attempt("COMMIT", 5, true, new XdrOut().int64(0).int32(0));
    for (int type : List.of(2, 6, 7)) {
      attempt("CREATE " + type, 6, false, created(new XdrOut().int32(type).text("new")));
    }
    attempt("CREATE link", 6, false, created(new XdrOut().int32(5).text("to").text("new")));
    attempt("CREATE device", 6, false, created(new XdrOut().int32(4).int64(0).text("new")));
    attempt("LINK", 11, false, new XdrOut().text("new"));
    attempt("REMOVE file", 28, false, new XdrOut().text("file"));
    attempt("REMOVE directory", 28, false, new XdrOut().text("directory"));
    attempt("RENAME", 29, false, new XdrOut().text("file").text("new"));
    for (NewAttributes change :
        List.of(
            NewAttributes.none().mode(0),
            NewAttributes.none().size(0),
            NewAttributes.none().owner("1"),
            NewAttributes.none().group("1"),
            NewAttributes.none().touch())) {
      XdrOut arguments = new XdrOut().stateId(StateId.ANONYMOUS);
      change.encode(arguments);
      attempt("SETATTR " + attempts.size(), 34, true, arguments);
    }
    XdrOut write = new XdrOut().stateId(StateId.ANONYMOUS).int64(0);
    attempt("WRITE", 38, true, write.int32(Stability.UNSTABLE.code()).opaque(new byte[5]));
    opens(minorVersion, wire);
    if (minorVersion == 2) {
      extensions();
    }
  }

  private static XdrOut created(XdrOut start) {
    NewAttributes.none().mode(0777).encode(start);
    return start;
  }

  private void opens(int minorVersion, NfsWire wire) {
    XdrOut mode = new XdrOut();
    NewAttributes.none().mode(0777).encode(mode);
    XdrOut empty = new XdrOut();
    NewAttributes.none().size(0).encode(empty);
    var hows = new LinkedHashMap<String, XdrOut>();
    hows.put("no", new XdrOut().int32(0));
    hows.put("unchecked", new XdrOut().int32(1).int32(0).raw(mode.toBytes()));
    hows.put("truncating", new XdrOut().int32(1).int32(0).raw(empty.toBytes()));
    hows.put("guarded", new XdrOut().int32(1).int32(1).raw(mode.toBytes()));
    hows.put("exclusive", new XdrOut().int32(1).int32(2).int64(3));
    if (minorVersion > 0) {
      hows.put("exclusive4.1", new XdrOut().int32(1).int32(3).int64(3).raw(mode.toBytes()));
    }
    hows.forEach((how, flag) -> {
      for (int access : List.of(Share.ACCESS_READ, Share.ACCESS_WRITE, Share.ACCESS_BOTH)) {
        for (String name : List.of("file", "new")) {
          boolean changes = !how.equals("no") || access != Share.ACCESS_READ;
          if (changes) {
            String owner = how + access + name; // A new one each: 4.0 counts their requests.
            XdrOut open = new XdrOut().int32(0).int32(access).int32(0);
            open.owner(wire.clientId(), owner).raw(flag.toBytes()).int32(0).text(name);
            attempt("OPEN " + owner, 18, false, open);
          }
        }
      }
    });
    if (minorVersion > 0) {
      XdrOut byHandle = new XdrOut().int32(0).int32(Share.ACCESS_WRITE).int32(0);
      byHandle.owner(wire.clientId(), "by handle").int32(0).int32(4);
      attempt("OPEN by handle", 18, true, byHandle);
    }
  }

  private void extensions() {
    StateId none = StateId.ANONYMOUS;
    attempt("ALLOCATE", 59, true, new XdrOut().stateId(none).int64(0).int64(9));
    attempt("DEALLOCATE", 62, true, new XdrOut().stateId(none).int64(0).int64(2));
    XdrOut copy = new XdrOut().stateId(none).stateId(none).int64(0).int64(0).int64(2);
    attempt("COPY", 60, true, copy.bool(true).bool(true).int32(0));
    XdrOut clone = new XdrOut().stateId(none).stateId(none).int64(0).int64(4_096).int64(0);
    attempt("CLONE", 71, true, clone);
    attempt("SETXATTR", 73, true, new XdrOut().int32(0).text("user.new").text("value"));
    attempt("REMOVEXATTR", 75, true, new XdrOut().text("user.kept"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void everyWritingOperationIsAnsweredReadOnly(int minorVersion) throws Exception {
    var full = rig.user("full");
    var reader = rig.user("reader");
    rig.policy(
        fileSystem,
        rig.statement("Allow", "full", ClientRig.MOUNT, ClientRig.WRITE, ClientRig.ROOT),
        rig.statement("Allow", "reader", ClientRig.MOUNT, ClientRig.ROOT));
    NfsClient owner = rig.mount(fileSystem, 1, rig.certificate(fileSystem, full), Credentials.ROOT);
    var file = owner.create(owner.root(), "file", 0666);
    owner.write(file, 0, Stability.FILE_SYNC, "hello".getBytes());
    owner.close(file);
    owner.mkdir(owner.root(), "directory", 0777);
    owner.setattr(owner.root(), NewAttributes.none().mode(0777));
    List<Object> before = seen(owner);
    var shown = rig.certificate(fileSystem, reader);
    NfsClient client = rig.mount(fileSystem, minorVersion, shown, Credentials.ROOT);
    prepare(minorVersion, client.wire());
    FileHandle root = client.root();
    Map<String, Status> wrong = new TreeMap<>();
    attempts.forEach((what, each) -> {
      Status status = tried(client.wire(), root, file.handle(), each);
      if (status != Status.ROFS) {
        wrong.put(what, status);
      }
    });
    assertThat(wrong).isEmpty();
    Set<Integer> covered = new TreeSet<>();
    attempts.values().forEach(each -> covered.add(each.code));
    assertThat(covered).isEqualTo(new TreeSet<>(WRITING.get(minorVersion)));
    assertThat(client.readAll(client.lookup("/file"))).asString().isEqualTo("hello");
    assertThat(seen(owner)).isEqualTo(before);
    client.close();
    owner.close();
  }

  private static Status tried(NfsWire wire, FileHandle root, FileHandle file, Attempt attempt) {
    Compound compound = wire.compound().putFh(attempt.code == 11 ? file : root);
    compound.saveFh().putFh(attempt.onFile ? file : root);
    if (attempt.code == 60 || attempt.code == 71) {
      compound.saveFh();
    }
    try {
      CompoundResult result = wire.call(compound.op(attempt.code, attempt.arguments));
      assertThat(result.results().getLast().code()).isEqualTo(attempt.code);
      return result.status();
    } catch (java.io.IOException e) {
      throw new AssertionError("no answer to operation " + attempt.code, e);
    }
  }

  /** Everything that could have changed. */
  private static List<Object> seen(NfsClient client) throws Exception {
    List<Object> all = new ArrayList<>();
    int[] numbers = {
      Attribute.TYPE,
      Attribute.CHANGE,
      Attribute.SIZE,
      Attribute.MODE,
      Attribute.NUMLINKS,
      Attribute.OWNER,
      Attribute.OWNER_GROUP,
      Attribute.TIME_METADATA,
      Attribute.TIME_MODIFY
    };
    for (var entry : client.readdir(client.root(), numbers)) {
      all.add(entry.name() + " " + entry.attributes());
    }
    all.add(client.stat(client.root()).toString());
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void operationsThatNobodyHasAreNotSupported(int minorVersion) throws Exception {
    var arguments = new HashMap<Integer, XdrOut>();
    arguments.put(19, new XdrOut().bool(true));
    StateId none = StateId.ANONYMOUS;
    XdrOut pattern = new XdrOut().int64(0).int64(1).int64(1).int64(0).int32(0).int64(0);
    pattern.opaque(new byte[1]);
    arguments.put(70, new XdrOut().stateId(none).int32(0).raw(pattern.toBytes()));
    NfsClient client = rig.mountPlain(fileSystem, minorVersion, Credentials.ROOT);
    for (int code : NEVER_SUPPORTED) {
      if (minorVersion == 2 || code == 19) {
        Compound compound = client.wire().compound().putRootFh().saveFh();
        assertThat(client.wire().call(compound.op(code, arguments.get(code))).status())
            .isEqualTo(Status.NOTSUPP);
      }
    }
    client.close();
  }
}
