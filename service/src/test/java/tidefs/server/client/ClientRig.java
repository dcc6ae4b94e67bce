package tidefs.server.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import tidefs.api.cloudtrail.ClientEvent;
import tidefs.api.cloudtrail.Trail;
import tidefs.base.Chance;
import tidefs.control.ApiRefusal;
import tidefs.control.NewAccessPoint;
import tidefs.control.NewFileSystem;
import tidefs.control.PerformanceMode;
import tidefs.control.PosixUser;
import tidefs.control.RootDirectory;
import tidefs.control.Tags;
import tidefs.iam.identity.Identities;
import tidefs.iam.identity.IdentityRefusal;
import tidefs.iam.identity.IdentityStore;
import tidefs.iam.identity.Seal;
import tidefs.nfs4.Export;
import tidefs.nfs4.NfsProgram;
import tidefs.nfs4.Throttle;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.BindFailure;
import tidefs.rpc.Connection;
import tidefs.rpc.Limits;
import tidefs.rpc.RpcServer;
import tidefs.rpc.TlsTermination;
import tidefs.server.config.TlsSettings;
import tidefs.server.tls.Certificates;
import tidefs.store.StoreResources;
import tidefs.testkit.ControlPlane;
import tidefs.testkit.Credentials;
import tidefs.testkit.FileSystemRig;
import tidefs.testkit.ManualClock;
import tidefs.testkit.MountCertificate;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsWire;
import tidefs.testkit.RpcSocket;

/**
 * File systems behind NFS with TLS, access points, users and policies, all in this process; its
 * clients speak over sockets. Time stands, and rights are judged anew when a test says so.
 */
final class ClientRig implements AutoCloseable {
  static final String MOUNT = "elasticfilesystem:ClientMount";
  static final String WRITE = "elasticfilesystem:ClientWrite";
  static final String ROOT = "elasticfilesystem:ClientRootAccess";

  final ControlPlane plane = new ControlPlane();
  final ManualClock clock = plane.clock;
  final Identities identities;
  final Trail trail = new Trail();
  final ClientExports exports;

  private final Path folder;
  private final StoreResources resources = new StoreResources(16 << 20);
  private final List<FileSystemRig> rigs = new ArrayList<>();
  private final Map<String, Volume> volumes = new LinkedHashMap<>();
  private final Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
  private final Map<InetSocketAddress, Volume> served = new ConcurrentHashMap<>();
  private final NfsProgram program;
  private final RpcServer rpc;
  private int names;

  /** A server without file systems that works in {@code folder}. */
  ClientRig(Path folder) throws IOException, GeneralSecurityException {
    this.folder = folder;
    identities =
        new Identities(
            ControlPlane.ACCOUNT,
            new MemoryIdentities(),
            new Seal(new byte[Seal.KEY_BYTES], Chance.system()),
            clock,
            Chance.system());
    exports =
        new ClientExports(
            new ClientExports.Setup(
                plane.control, identities, NfsConfig.DEFAULTS, trail, clock, Chance.system()));
    program = new NfsProgram(this::export, Throttle.NONE, Runnable::run);
    TlsSettings settings =
        new TlsSettings(true, "test", List.of(), Optional.empty(), Optional.empty());
    var shown =
        new Certificates(
                folder.resolve("tls"),
                settings,
                ControlPlane.REGION,
                Files::write,
                clock,
                Chance.system())
            .load();
    TlsTermination tls = new TlsTermination(shown.key(), shown.chain());
    rpc =
        new RpcServer(
            List.of(program, new PartitionProgram(Chance.system())),
            Limits.DEFAULTS,
            tls,
            clock,
            1);
  }

  private Optional<Export> export(Connection connection) {
    return exports.of(connection, Objects.requireNonNull(served.get(connection.localAddress())));
  }

  /** A new file system with an address of its own. */
  String fileSystem() throws ApiRefusal, BindFailure {
    String id =
        plane
            .control
            .fileSystems()
            .create(
                new NewFileSystem(
                    "token-" + rigs.size(),
                    PerformanceMode.GENERAL_PURPOSE,
                    new NewFileSystem.Encryption(false, Optional.empty()),
                    Optional.empty(),
                    OptionalDouble.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Tags.NONE))
            .fileSystem()
            .id();
    plane.settle();
    FileSystemRig rig = new FileSystemRig(folder.resolve(id), resources, rigs.size() + 1);
    rigs.add(rig);
    Volume volume =
        Volume.open(
            id, rig.fs(), NfsConfig.DEFAULTS, clock, new Random(7)::nextBytes, Runnable::run);
    volumes.put(id, volume);
    var address = rpc.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    addresses.put(id, address);
    served.put(address, volume);
    return id;
  }

  /** An access point; its directory is made when it is needed, for its user, with mode 750. */
  String accessPoint(String fileSystem, PosixUser user, String path) throws ApiRefusal {
    var creation = new RootDirectory.CreationInfo(user.uid(), user.gid(), "750");
    return accessPoint(
        fileSystem, Optional.of(user), new RootDirectory(path, Optional.of(creation)));
  }

  /** Any access point. */
  String accessPoint(String fileSystem, Optional<PosixUser> user, RootDirectory root)
      throws ApiRefusal {
    String token = "access-point-" + ++names;
    String id =
        plane
            .control
            .accessPoints()
            .create(new NewAccessPoint(token, fileSystem, user, root, Tags.NONE))
            .id();
    plane.settle();
    return id;
  }

  /** A user with a key. */
  Identities.NewKey user(String name) throws IdentityRefusal {
    var _ = identities.createUser(name);
    return identities.createKey(name);
  }

  /** Sets the policy of a file system, of these statements. */
  void policy(String fileSystem, String... statements) throws ApiRefusal {
    var _ =
        plane
            .control
            .settings()
            .putPolicy(
                fileSystem,
                "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}"
                    .formatted(String.join(",", statements)));
  }

  /** A statement about a user, or about everyone if the name is a star. */
  String statement(String effect, String user, String... actions) {
    String principal = user.equals("*") ? "*" : identities.arn(user);
    return """
    {"Effect":"%s","Principal":{"AWS":"%s"},"Action":["%s"],"Resource":"*"}\
    """
        .formatted(effect, principal, String.join("\",\"", actions));
  }

  /** What a client of this file system shows that says nothing more. */
  MountCertificate certificate(String fileSystem) {
    return MountCertificate.of(fileSystem, clock.now());
  }

  /** What a client shows that signs with a key. */
  MountCertificate certificate(String fileSystem, Identities.NewKey key) {
    return certificate(fileSystem).signed(key.key().id(), key.secret(), clock.now());
  }

  /** A wire that has introduced nobody. */
  NfsWire wire(String fileSystem, int minorVersion, SSLContext tls, Credentials as)
      throws IOException {
    var address = Objects.requireNonNull(addresses.get(fileSystem));
    NfsWire.Dialer dialer = () -> new RpcSocket(address, tls);
    return new NfsWire(dialer, minorVersion, as, "client-" + ++names, 1);
  }

  /** A socket without TLS. */
  RpcSocket plainSocket(String fileSystem) throws IOException {
    return new RpcSocket(Objects.requireNonNull(addresses.get(fileSystem)));
  }

  /** A client with this certificate. */
  NfsClient mount(String fileSystem, int minorVersion, MountCertificate shown, Credentials as)
      throws IOException {
    NfsWire wire = wire(fileSystem, minorVersion, shown.tls(), as);
    wire.establish();
    wire.reclaimComplete();
    return NfsClient.over(wire);
  }

  /** A client without TLS. */
  NfsClient mountPlain(String fileSystem, int minorVersion, Credentials as) throws IOException {
    var address = Objects.requireNonNull(addresses.get(fileSystem));
    return NfsClient.connect(address, minorVersion, as, "client-" + ++names);
  }

  /** Judges the open connections anew, and returns once they have what that came to. */
  void refresh() {
    exports.refresh(program::change);
    for (Connection each : rpc.connections()) {
      var done = new CompletableFuture<Boolean>();
      each.execute(() -> done.complete(true));
      done.join();
    }
  }

  /** The volume of a file system. */
  Volume volume(String fileSystem) {
    return Objects.requireNonNull(volumes.get(fileSystem));
  }

  /** The event that came last. */
  ClientEvent lastEvent() {
    return trail.latest(1).getFirst();
  }

  @Override
  public void close() {
    rpc.close();
    rigs.forEach(FileSystemRig::close);
    resources.close();
    plane.close();
  }

  /** Users in memory. */
  private static final class MemoryIdentities implements IdentityStore {
    private final Map<String, byte[]> users = new ConcurrentHashMap<>();

    @Override
    public void load(BiConsumer<String, byte[]> user) {
      users.forEach(user);
    }

    @Override
    public void put(String name, byte[] user) {
      users.put(name, user);
    }

    @Override
    public void remove(String name) {
      users.remove(name);
    }
  }
}
