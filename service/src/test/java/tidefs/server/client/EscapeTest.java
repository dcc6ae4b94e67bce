package tidefs.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidefs.control.PosixUser;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.testkit.Compound;
import tidefs.testkit.CompoundResult;
import tidefs.testkit.Credentials;
import tidefs.testkit.Entry;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.XdrOut;

/**
 * A client of an access point tries to get out of its directory, with everything that the wire can
 * say. {@code /jail} is its directory; {@code /secret} and {@code /closed} belong to root.
 */
final class EscapeTest extends ClientTest {
  private static final PosixUser PRISONER = new PosixUser(1000, 1000, List.of());

  private String second;
  private NfsClient warden;
  private FileHandle top;
  private FileHandle secret;
  private FileHandle jail;
  private FileHandle file;
  private NfsClient prisoner;

  @BeforeEach
  void prepare() throws Exception {
    second = rig.fileSystem();
    warden = rig.mountPlain(fileSystem, 1, Credentials.ROOT);
    top = warden.root();
    var theirs = warden.create(top, "secret", 0600);
    warden.close(theirs);
    secret = theirs.handle();
    warden.mkdir(top, "closed", 0700);
    enter(1);
    jail = prisoner.root();
    var mine = prisoner.create(jail, "file", 0600);
    prisoner.close(mine);
    file = mine.handle();
  }

  private void enter(int minorVersion) throws Exception {
    String accessPoint = rig.accessPoint(fileSystem, PRISONER, "/jail");
    var shown = rig.certificate(fileSystem).accessPoint(accessPoint);
    prisoner = rig.mount(fileSystem, minorVersion, shown, Credentials.ROOT);
  }

  @AfterEach
  void disconnect() throws Exception {
    prisoner.close();
    warden.close();
  }

  private CompoundResult tried(Compound compound) throws IOException {
    return prisoner.wire().call(compound);
  }

  private Compound start() {
    return prisoner.wire().compound();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void thereIsNoWayUpFromTheRoot(int minorVersion) throws Exception {
    prisoner.close();
    enter(minorVersion);
    assertThat(tried(start().putRootFh().lookupP().getFh()).status()).isEqualTo(Status.NOENT);
    assertThat(tried(start().putFh(jail).lookupP().getFh()).status()).isEqualTo(Status.NOENT);
    FileHandle below = prisoner.mkdir(prisoner.root(), "below", 0700);
    assertThat(tried(start().putFh(below).lookupP().getFh()).ok().last(FileHandle.class))
        .isEqualTo(jail);
    assertThat(tried(start().putFh(below).lookupP().lookupP()).status()).isEqualTo(Status.NOENT);
    if (minorVersion > 0) {
      XdrOut ofParent = new XdrOut().int32(1);
      assertThat(tried(start().putRootFh().op(52, ofParent)).status()).isEqualTo(Status.NOENT);
    }
    assertThat(tried(start().op(23).lookupP()).status()).isEqualTo(Status.NOENT); // PUTPUBFH
  }

  @Test
  void aHandleFromOutsideLeadsNowhereUp() throws Exception {
    FileHandle closed = warden.lookup("/closed");
    FileHandle inside = warden.mkdir(closed, "inside", 0777);
    for (FileHandle each : List.of(closed, inside, top)) {
      assertThat(tried(start().putFh(each).lookupP().getFh()).status())
          .isIn(Status.NOENT, Status.ACCESS);
    }
  }

  @Test
  void directoryThatIsMovedOutTakesNobodyUp() throws Exception {
    FileHandle mine = prisoner.mkdir(jail, "mine", 0700);
    FileHandle below = prisoner.mkdir(mine, "below", 0700);
    warden.rename(warden.lookup("/jail"), "mine", top, "taken");
    assertThat(tried(start().putFh(mine).lookupP()).status()).isEqualTo(Status.NOENT);
    assertThat(tried(start().putFh(below).lookupP()).status()).isEqualTo(Status.NOENT);
    assertThat(tried(start().putFh(mine).getFh()).status()).isEqualTo(Status.OK); // As with EFS.
  }

  /** Sends an operation that a name is part of. */
  private interface Attempt {
    CompoundResult with(String name) throws IOException;
  }

  private Map<String, Attempt> attempts() {
    XdrOut nothing = new XdrOut().int32(0).int32(0);
    XdrOut plain = new XdrOut().int32(0);
    Map<String, Attempt> all = new TreeMap<>();
    all.put("LOOKUP", name -> tried(start().putFh(jail).lookup(name)));
    all.put("SECINFO", name -> tried(start().putFh(jail).op(33, new XdrOut().text(name))));
    all.put(
        "CREATE",
        name -> {
          XdrOut what = new XdrOut().int32(2).text(name).raw(nothing.toBytes());
          return tried(start().putFh(jail).op(6, what));
        });
    all.put(
        "OPEN",
        name ->
            tried(
                start()
                    .putFh(jail)
                    .open(
                        0,
                        Share.ACCESS_READ,
                        0,
                        prisoner.wire().clientId(),
                        "owner",
                        plain,
                        new XdrOut().int32(0).text(name))));
    all.put("REMOVE", name -> tried(start().putFh(jail).remove(name)));
    all.put("LINK", name -> tried(start().putFh(file).saveFh().putFh(jail).link(name)));
    all.put("RENAME to", name -> tried(start().putFh(jail).saveFh().rename("file", name)));
    all.put("RENAME from", name -> tried(start().putFh(jail).saveFh().rename(name, "new")));
    return all;
  }

  @Test
  void namesCannotLeadOut() throws Exception {
    prisoner.mkdir(jail, "sub", 0700);
    Map<String, Status> names = new TreeMap<>();
    for (String name :
        List.of(".", "..", "/", "../secret", "sub/..", "/secret", "a/b", "\0", "x\0y", "..\0")) {
      names.put(name, Status.BADNAME);
    }
    names.put("", Status.INVAL);
    names.put("x".repeat(256), Status.NAMETOOLONG);
    names.put("x".repeat(4096), Status.NAMETOOLONG);
    for (var attempt : attempts().entrySet()) {
      for (var name : names.entrySet()) {
        assertThat(attempt.getValue().with(name.getKey()).status())
            .as("%s of '%s'", attempt.getKey(), name.getKey())
            .isEqualTo(name.getValue());
      }
    }
    assertThat(prisoner.readdir(jail).stream().map(Entry::name))
        .containsExactlyInAnyOrder("file", "sub");
    assertThat(warden.readdir(top).stream().map(Entry::name))
        .containsExactlyInAnyOrder("secret", "closed", "jail");
  }

  @Test
  void symbolicLinksAreTextAndNotFollowed() throws Exception {
    FileHandle link = prisoner.symlink(jail, "link", "../secret");
    assertThat(prisoner.readlink(link)).isEqualTo("../secret");
    assertThat(tried(start().putFh(link).lookup("secret")).status()).isEqualTo(Status.SYMLINK);
    assertThat(tried(start().putFh(jail).lookup("link").lookup("x")).status())
        .isEqualTo(Status.SYMLINK);
  }

  /** Whoever holds the handle of something outside may do with it what his user may, no more. */
  @Test
  void handlesFromOutsideGiveNoMoreThanTheUserMay() throws Exception {
    FileHandle closed = warden.lookup("/closed");
    assertThat(tried(start().putFh(secret).read(StateId.ANONYMOUS, 0, 9)).status())
        .isEqualTo(Status.ACCESS);
    assertThat(tried(start().putFh(closed).readDir(0, 0, 999, 999)).status())
        .isEqualTo(Status.ACCESS);
    assertThat(tried(start().putFh(top).lookup("closed").lookup("x")).status())
        .isEqualTo(Status.ACCESS);
    assertThat(tried(start().putFh(top).remove("secret")).status()).isEqualTo(Status.ACCESS);
    assertThat(tried(start().putFh(jail).saveFh().putFh(top).rename("file", "out")).status())
        .isEqualTo(Status.ACCESS);
    assertThat(tried(start().putFh(top).saveFh().putFh(jail).rename("secret", "in")).status())
        .isEqualTo(Status.ACCESS);
    assertThat(tried(start().putFh(file).saveFh().putFh(top).link("out")).status())
        .isEqualTo(Status.ACCESS);
    // And after all that, the root is still what it was.
    assertThat(tried(start().putFh(top).putRootFh().getFh()).ok().last(FileHandle.class))
        .isEqualTo(jail);
    assertThat(tried(start().putFh(top).saveFh().putRootFh().restoreFh().lookupP()).status())
        .isEqualTo(Status.NOENT);
  }

  @Test
  void handlesOfOtherFileSystemsAreStale() throws Exception {
    NfsClient other = rig.mountPlain(second, 1, Credentials.ROOT);
    FileHandle foreign = other.root();
    other.setattr(foreign, NewAttributes.none().mode(0777));
    assertThat(tried(start().putFh(foreign).getFh()).status()).isEqualTo(Status.STALE);
    assertThat(warden.wire().call(warden.wire().compound().putFh(foreign)).status())
        .isEqualTo(Status.STALE);
    // Not even with the number of this volume: the checksum has another key.
    byte[] relabelled = foreign.toArray();
    System.arraycopy(jail.toArray(), 4, relabelled, 4, 8);
    assertThat(tried(start().putFh(FileHandle.wrap(relabelled))).status())
        .isEqualTo(Status.BADHANDLE);
    other.close();
  }

  @Test
  void everyBitOfAHandleMatters() throws Exception {
    byte[] handle = jail.toArray();
    for (int bit = 0; bit < handle.length * 8; bit++) {
      byte[] flipped = handle.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(tried(start().putFh(FileHandle.wrap(flipped)).getFh()).status())
          .as("bit %d", bit)
          .isIn(Status.BADHANDLE, Status.STALE);
    }
  }

  @Test
  void handlesThatAreCutOrLongerAreBad() throws Exception {
    byte[] handle = jail.toArray();
    for (int length = 0; length <= 128; length++) {
      if (length != handle.length) {
        FileHandle cut = FileHandle.wrap(Arrays.copyOf(handle, length));
        assertThat(tried(start().putFh(cut)).status()).as("%d", length).isEqualTo(Status.BADHANDLE);
      }
    }
    XdrOut tooLong = new XdrOut().opaque(new byte[129]);
    assertThat(tried(start().op(22, tooLong)).status()).isEqualTo(Status.BADXDR);
  }

  @Test
  void handlesCannotBeGuessed() throws Exception {
    Random random = new Random(20_261_122);
    byte[] handle = jail.toArray();
    for (int i = 0; i < 2_000; i++) {
      byte[] guess = handle.clone();
      guess[19] = (byte) (1 + random.nextInt(9)); // Some inode that may well be there.
      byte[] checksum = new byte[8];
      random.nextBytes(checksum);
      System.arraycopy(checksum, 0, guess, 20, 8);
      assertThat(tried(start().putFh(FileHandle.wrap(guess))).status()).isEqualTo(Status.BADHANDLE);
    }
  }

  @Test
  void attributesShowNothingAbove() throws Exception {
    int parentOfMount = Attribute.MOUNTED_ON_FILEID;
    var shown = prisoner.getattr(jail, Attribute.FILEID, parentOfMount, Attribute.FILEHANDLE);
    assertThat(shown.number(parentOfMount)).isEqualTo(shown.fileId());
    assertThat(shown.handle()).isEqualTo(jail);
    prisoner.mkdir(jail, "sub", 0700);
    assertThat(prisoner.readdir(jail, Attribute.FILEHANDLE).stream().map(Entry::name))
        .containsExactlyInAnyOrder("file", "sub"); // No "." and "..".
  }

  @Test
  void sharedRootIsNoWayIn() throws Exception {
    // The handle of the made-up root that a shared listener shows, which anyone can compute.
    byte[] pseudo = new byte[28];
    pseudo[0] = 1;
    pseudo[19] = 1;
    assertThat(tried(start().putFh(FileHandle.wrap(pseudo)).getFh()).status())
        .isEqualTo(Status.STALE);
  }

  @Test
  void stateOfOthersIsNotUsable() throws Exception {
    var theirs = warden.open(top, "secret", Share.ACCESS_BOTH);
    assertThat(tried(start().putFh(secret).read(theirs.stateId(), 0, 9)).status())
        .isEqualTo(Status.BAD_STATEID);
    assertThat(tried(start().putFh(secret).close(0, theirs.stateId())).status())
        .isEqualTo(Status.BAD_STATEID);
    warden.close(theirs);
  }
}
