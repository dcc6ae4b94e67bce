package tidefs.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidefs.control.PosixUser;
import tidefs.control.RootDirectory;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Status;
import tidefs.testkit.Credentials;
import tidefs.testkit.FileAttributes;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;

/** As whom clients act: as their access point says, and as root only if a policy says so. */
final class AccessPointIdentityTest extends ClientTest {
  private static final PosixUser ANNA = new PosixUser(1000, 1001, List.of(3000L, 3001L));

  private static String owner(FileAttributes of) {
    return of.text(Attribute.OWNER) + ":" + of.text(Attribute.OWNER_GROUP);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void filesBelongToTheAccessPointsUserWhateverTheClientSays(int minorVersion) throws Exception {
    String accessPoint = rig.accessPoint(fileSystem, ANNA, "/home/anna");
    var shown = rig.certificate(fileSystem).accessPoint(accessPoint);
    for (Credentials said :
        List.of(Credentials.ROOT, Credentials.of(4242, 4243, 0, 1, 1001), Credentials.NONE)) {
      try (NfsClient client = rig.mount(fileSystem, minorVersion, shown, said)) {
        FileHandle root = client.root();
        assertThat(owner(client.stat(root))).isEqualTo("1000:1001");
        assertThat(client.stat(root).mode()).isEqualTo(0750);
        String name = said.flavor() + "-" + said.user();
        var file = client.create(root, name, 0600);
        assertThat(owner(client.stat(file.handle()))).isEqualTo("1000:1001");
        client.close(file);
        FileHandle directory = client.mkdir(root, name + ".d", 0700);
        assertThat(owner(client.stat(directory))).isEqualTo("1000:1001");
        FileHandle link = client.symlink(root, name + ".l", "x");
        assertThat(owner(client.stat(link))).isEqualTo("1000:1001");
        refused(Status.PERM, () -> client.setattr(file.handle(), owner("0")));
        refused(Status.PERM, () -> client.setattr(file.handle(), owner("4242")));
        refused(Status.PERM, () -> client.setattr(file.handle(), group("4243")));
      }
    }
  }

  private static NewAttributes owner(String id) {
    return NewAttributes.none().owner(id);
  }

  private static NewAttributes group(String id) {
    return NewAttributes.none().group(id);
  }

  @Test
  void secondaryGroupsAreTheAccessPointsAndNotTheClients() throws Exception {
    String accessPoint = rig.accessPoint(fileSystem, ANNA, "/");
    var rootClient = rig.mountPlain(fileSystem, 1, Credentials.ROOT);
    FileHandle top = rootClient.root();
    rootClient.setattr(top, NewAttributes.none().mode(0777));
    for (String group : List.of("3001", "5000")) {
      FileHandle directory = rootClient.mkdir(top, "of" + group, 0070);
      rootClient.setattr(directory, group(group));
    }
    rootClient.close();
    var shown = rig.certificate(fileSystem).accessPoint(accessPoint);
    Credentials member = Credentials.of(1, 1, 5000);
    try (NfsClient client = rig.mount(fileSystem, 1, shown, member)) {
      var mine = client.create(client.lookup("/of3001"), "x", 0640);
      assertThat(owner(client.stat(mine.handle()))).isEqualTo("1000:1001");
      client.setattr(mine.handle(), group("3000")); // A group it belongs to.
      assertThat(owner(client.stat(mine.handle()))).isEqualTo("1000:3000");
      FileHandle closed = client.lookup("/of5000");
      refused(Status.ACCESS, () -> client.create(closed, "x", 0640));
      refused(Status.PERM, () -> client.setattr(mine.handle(), group("5000")));
    }
  }

  @Test
  void rootIsSquashedWithoutClientRootAccess() throws Exception {
    var full = rig.user("full");
    var writer = rig.user("writer");
    rig.policy(
        fileSystem,
        rig.statement("Allow", "full", ClientRig.MOUNT, ClientRig.WRITE, ClientRig.ROOT),
        rig.statement("Allow", "writer", ClientRig.MOUNT, ClientRig.WRITE));
    FileHandle secret;
    try (NfsClient client =
        rig.mount(fileSystem, 1, rig.certificate(fileSystem, full), Credentials.ROOT)) {
      client.setattr(client.root(), NewAttributes.none().mode(01777));
      var file = client.create(client.root(), "secret", 0600);
      assertThat(owner(client.stat(file.handle()))).isEqualTo("0:0");
      client.close(file);
      secret = file.handle();
      FileHandle forRootsGroup = client.mkdir(client.root(), "group", 0770);
      assertThat(owner(client.stat(forRootsGroup))).isEqualTo("0:0");
    }
    var shown = rig.certificate(fileSystem, writer);
    try (NfsClient client = rig.mount(fileSystem, 1, shown, Credentials.of(0, 0, 0, 7))) {
      var file = client.create(client.root(), "squashed", 0644);
      assertThat(owner(client.stat(file.handle()))).isEqualTo("65534:65534");
      refused(Status.ACCESS, () -> client.readAll(secret));
      refused(Status.PERM, () -> client.setattr(secret, NewAttributes.none().mode(0666)));
      refused(Status.ACCESS, () -> client.mkdir(client.lookup("/group"), "x", 0777));
      client.wire().as(Credentials.of(1234, 0, 0, 7)); // Root's group alone is squashed, too.
      refused(Status.ACCESS, () -> client.mkdir(client.lookup("/group"), "x", 0777));
      var own = client.openOrCreate(client.root(), "own", NewAttributes.none().mode(0644));
      assertThat(owner(client.stat(own.handle()))).isEqualTo("1234:65534");
    }
  }

  @Test
  void accessPointOfUser0NeedsClientRootAccessToo() throws Exception {
    var writer = rig.user("writer");
    String accessPoint = rig.accessPoint(fileSystem, new PosixUser(0, 0, List.of(0L)), "/");
    var rootClient = rig.mountPlain(fileSystem, 1, Credentials.ROOT);
    rootClient.setattr(rootClient.root(), NewAttributes.none().mode(01777));
    rootClient.close();
    var free = rig.certificate(fileSystem).accessPoint(accessPoint);
    try (NfsClient client = rig.mount(fileSystem, 1, free, Credentials.of(5, 5))) {
      assertThat(owner(client.stat(client.mkdir(client.root(), "free", 0700)))).isEqualTo("0:0");
    }
    rig.policy(fileSystem, rig.statement("Allow", "writer", ClientRig.MOUNT, ClientRig.WRITE));
    var limited = rig.certificate(fileSystem, writer).accessPoint(accessPoint);
    try (NfsClient client = rig.mount(fileSystem, 1, limited, Credentials.of(5, 5))) {
      assertThat(owner(client.stat(client.mkdir(client.root(), "limited", 0700))))
          .isEqualTo("65534:65534");
    }
  }

  @Test
  void directoryIsMadeWhenItIsMissingAndLeftAsItIsElse() throws Exception {
    var creation = Optional.of(new RootDirectory.CreationInfo(7, 8, "0710"));
    String made =
        rig.accessPoint(fileSystem, Optional.empty(), new RootDirectory("/a/b", creation));
    var shown = rig.certificate(fileSystem).accessPoint(made);
    try (NfsClient client = rig.mount(fileSystem, 1, shown, Credentials.ROOT)) {
      FileAttributes root = client.stat(client.root());
      assertThat(owner(root)).isEqualTo("7:8");
      assertThat(root.mode()).isEqualTo(0710);
      client.setattr(client.root(), NewAttributes.none().mode(0700).owner("9"));
    }
    try (NfsClient client = rig.mount(fileSystem, 1, shown, Credentials.ROOT)) {
      assertThat(owner(client.stat(client.root()))).isEqualTo("9:8");
    }
    try (NfsClient client = rig.mountPlain(fileSystem, 1, Credentials.ROOT)) {
      client.remove(client.lookup("/a"), "b");
    }
    try (NfsClient client = rig.mount(fileSystem, 1, shown, Credentials.ROOT)) {
      assertThat(owner(client.stat(client.root()))).isEqualTo("7:8"); // Made once more.
    }
  }

  @Test
  void directoryThatIsMissingAndNotToBeMadeOrIsAFileIsNoRoot() throws Exception {
    try (NfsClient client = rig.mountPlain(fileSystem, 1, Credentials.ROOT)) {
      client.close(client.create(client.root(), "file", 0644));
    }
    for (var each : List.of(List.of("/missing", Status.NOENT), List.of("/file", Status.NOTDIR))) {
      var root = new RootDirectory((String) each.getFirst(), Optional.empty());
      String accessPoint = rig.accessPoint(fileSystem, Optional.empty(), root);
      var shown = rig.certificate(fileSystem).accessPoint(accessPoint);
      try (NfsClient client = rig.mount(fileSystem, 1, shown, Credentials.ROOT)) {
        refused((Status) each.getLast(), client::root);
      }
    }
  }
}
