package tidefs.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.api.Gate;
import tidefs.api.Guarded;
import tidefs.api.HttpListener;
import tidefs.api.Service;
import tidefs.api.cloudtrail.CloudTrailService;
import tidefs.api.cloudtrail.Trail;
import tidefs.api.ec2.Ec2Service;
import tidefs.api.efs.CheckService;
import tidefs.api.efs.EfsService;
import tidefs.api.efs.LifecycleService;
import tidefs.api.iam.IamService;
import tidefs.api.kms.KmsService;
import tidefs.api.sts.AccountRoles;
import tidefs.api.sts.RoleSessions;
import tidefs.api.sts.StsService;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.control.Control;
import tidefs.control.DataPlane;
import tidefs.control.Firewall;
import tidefs.control.KeyMaterial;
import tidefs.control.KmsKeys;
import tidefs.control.NetworkClash;
import tidefs.control.ResourceStore;
import tidefs.control.StoredResources;
import tidefs.iam.RequestAuthenticator;
import tidefs.iam.SignatureVerifier;
import tidefs.iam.identity.Identities;
import tidefs.iam.identity.Seal;
import tidefs.iam.policy.Authorizer;
import tidefs.nfs4.NfsProgram;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.StateDomain;
import tidefs.rpc.BindFailure;
import tidefs.rpc.Limits;
import tidefs.rpc.RpcServer;
import tidefs.rpc.TlsPolicy;
import tidefs.rpc.Transport;
import tidefs.server.client.ClientExports;
import tidefs.server.client.PartitionProgram;
import tidefs.server.config.ApiSettings;
import tidefs.server.config.Configuration;
import tidefs.server.config.NfsSettings;
import tidefs.server.dns.DnsPort;
import tidefs.server.keys.KeyFile;
import tidefs.server.keys.KeySources;
import tidefs.store.MetadataStore;
import tidefs.store.StoreFault;
import tidefs.store.StoreResources;
import tidefs.store.local.LocalStorage;

/**
 * A running server. Its parts are started from the lowest up and stopped in the opposite order: the
 * API and the background first, then NFS, which finishes what is under way, then the file systems,
 * then what they stand on.
 */
final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);
  private static final Duration SWEEP = Duration.ofSeconds(1);

  /** How often rights of open connections are judged anew. */
  private static final Duration JUDGE = Duration.ofSeconds(10);

  /** How often a key service elsewhere is asked whether keys may still be used. */
  private static final Duration CHECK_REMOTE_KEYS = Duration.ofSeconds(30);

  private static final Duration KEEP_SIZES = Duration.ofMinutes(1);
  private static final Duration RENEW = Duration.ofMinutes(10);
  private static final Duration RECLAIM = Duration.ofMinutes(10);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Configuration configuration;
  private final Clock clock = Clock.system();
  private final Chance chance = Chance.system();
  private final Parts parts;
  private final Trail trail = new Trail();
  private final Control control;
  private final Monitoring monitoring;
  private final Copies copies;
  private final LifecycleReports lifecycle;
  private final Checks checks;
  private final HttpListener api;
  private final Identities identities;
  private final Optional<Identities.NewKey> firstKey;

  private Server(Configuration configuration, Parts parts) {
    this.configuration = configuration;
    this.parts = parts;
    DataDirectory directory = parts.add(DataDirectory.open(configuration.data(), holder()));
    StoreResources resources =
        parts.add(new StoreResources(configuration.memory().metadataBytes()));
    LocalStorage storage = parts.add(storage(directory, resources));
    SavedState state = state(directory, storage);
    identities = identities(state.seal(), state.system());
    firstKey = configuration.api().insecure() ? Optional.empty() : identities.firstAdministrator();
    Background background = new Background();
    monitoring = parts.add(monitoring(state.monitoring(), background));
    KeySources keys = KeySources.open(configuration.encryption(), directory.path(), clock, chance);
    ColdPlaces places = parts.add(new ColdPlaces(directory.path(), configuration.storage(), clock));
    Volumes volumes = parts.add(volumes(storage, keys, places, background));
    MeteredSizes sizes = monitoring.sizes();
    keepSizes(sizes, volumes, background);
    Optional<StateDomain> sharedDomain = sharedDomain();
    ExportTable exports = exports(volumes, sharedDomain);
    Optional<TlsPort> tls = TlsPort.open(configuration, directory.path(), clock, chance);
    NfsProgram nfs = nfs(exports);
    RpcServer rpc = rpc(nfs, tls.map(TlsPort::policy).orElse(TlsPolicy.REFUSE));
    parts.add(() -> rpc.stop(DRAIN));
    countConnections(rpc, exports);
    LocalDataPlane dataPlane =
        new LocalDataPlane(
            directory,
            keys.fileSystems(),
            volumes,
            exports,
            rpc,
            background,
            clock,
            configuration.nfs().port(),
            sizes);
    parts.add(background);
    control = control(new StoredResources(state.system()), dataPlane, keys.keyring(), background);
    watchKeys(keys, directory, volumes, dataPlane, background);
    guard(rpc, control.firewall());
    ClientExports clients = clients();
    exports.judgeBy(clients);
    Runnable judgeNow = scheduleJudgement(background, exports, clients, nfs);
    copies = parts.add(copies(directory, volumes, dataPlane, judgeNow, state));
    checks = parts.add(new Checks(volumes));
    tls.ifPresent(port -> background.every(RENEW, port::renew));
    exports.refresh();
    configuration.nfs().shared().ifPresent(address -> listen(rpc, address));
    sharedDomain.ifPresent(domain -> {
      background.run(() -> directory.fileSystems().forEach(dataPlane::share));
      background.every(SWEEP, domain::sweep);
    });
    lifecycle = start(volumes, places, dataPlane, background);
    configuration.dns().address().ifPresent(this::answerNames);
    monitoring.start(control, background);
    copies.start(background);
    api = parts.add(api());
  }

  /** Starts a server. What prevents it is told as a {@link CommandException}. */
  static Server start(Configuration configuration) {
    requireInsecureLoopback(configuration.api());
    Parts parts = new Parts();
    try {
      Server server = new Server(configuration, parts);
      log.atInfo()
          .addKeyValue("api", server.apiUrl())
          .addKeyValue("data", configuration.data().toAbsolutePath())
          .addKeyValue("region", configuration.account().region())
          .addKeyValue("account", configuration.account().id())
          .log("Server started");
      return server;
    } catch (StoreFault e) {
      parts.close();
      throw new CommandException(
          ExitCode.FAILED,
          "the data directory " + configuration.data() + " cannot be used: " + e.getMessage(),
          e);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /** The control plane. */
  Control control() {
    return control;
  }

  /** The administrator's key, if this start has made it. It is not told again. */
  Optional<Identities.NewKey> firstKey() {
    return firstKey;
  }

  /** Where the API is to be reached. */
  String apiUrl() {
    return "http://" + Addresses.text(api.address());
  }

  /** Lets requests under way end, makes everything durable, stops. */
  @Override
  public void close() {
    log.atInfo().log("Stopping: requests under way end, new ones are not taken");
    parts.close();
    log.atInfo().log("Server stopped");
  }

  private LocalStorage storage(DataDirectory directory, StoreResources resources) {
    return LocalStorage.open(
        directory.path(), resources, clock, chance, configuration.memory().dirtyBytes());
  }

  /** Takes up what the last process left, and moves files as their lifecycle says. */
  private LifecycleReports start(
      Volumes volumes, ColdPlaces places, LocalDataPlane dataPlane, Background background) {
    scheduleUpkeep(background, volumes, dataPlane);
    int pace = configuration.storage().moveMibps();
    LifecycleRunner runner = parts.add(new LifecycleRunner(volumes, control, places, clock, pace));
    Mirrors mirrors = parts.add(new Mirrors(volumes, clock, pace));
    monitoring.show(mirrors);
    control.start();
    mirrors.start(background);
    return runner.start(background, mirrors);
  }

  private Volumes volumes(
      LocalStorage storage, KeySources keys, ColdPlaces places, Background background) {
    return new Volumes(
        new Volumes.Setup(
            storage,
            keys.fileSystems(),
            new StandardPlaces(storage, configuration.storage().standard()),
            places,
            configuration.memory(),
            nfsConfig(),
            background,
            clock,
            chance,
            monitoring.metering()));
  }

  private NfsProgram nfs(ExportTable exports) {
    var workers = parts.add(Workers.of(configuration.nfs().workers()));
    return new NfsProgram(exports, monitoring.metering(), workers);
  }

  private ExportTable exports(Volumes volumes, Optional<StateDomain> sharedDomain) {
    return new ExportTable(
        sharedDomain, volumes::open, id -> new StateDomain(id, nfsConfig(), clock, chance));
  }

  private void countConnections(RpcServer rpc, ExportTable exports) {
    monitoring
        .metering()
        .countConnectionsBy(volume ->
            rpc.connections().stream().filter(each -> exports.shows(each, volume)).count());
  }

  /** Lets file systems know their zones, and follow what becomes of their keys. */
  private void watchKeys(
      KeySources keys,
      DataDirectory directory,
      Volumes volumes,
      LocalDataPlane dataPlane,
      Background background) {
    volumes.zonesBy(control);
    KmsKeys kmsKeys = control.kmsKeys();
    keys.keyring().judgeBy(kmsKeys);
    keys.keyring().whenRotated(() -> directory.fileSystems().forEach(keys.fileSystems()::rewrap));
    background.every(
        keys.remote() ? CHECK_REMOTE_KEYS : SWEEP,
        () -> {
          kmsKeys.sweep();
          volumes.checkKeys();
          dataPlane.openClosed();
        });
  }

  /** The state that all file systems have in common on {@code nfs.shared}, if that is set. */
  private Optional<StateDomain> sharedDomain() {
    return configuration
        .nfs()
        .shared()
        .map(_ -> new StateDomain("shared", nfsConfig(), clock, chance));
  }

  /** Has clients that are gone forgotten, and the rights of those that stay judged anew. */
  private void keepSizes(MeteredSizes sizes, Volumes volumes, Background background) {
    parts.add(() -> sizes.keep(volumes.sizes()));
    background.every(KEEP_SIZES, () -> sizes.keep(volumes.sizes()));
  }

  private ClientExports clients() {
    return new ClientExports(
        new ClientExports.Setup(control, identities, nfsConfig(), trail, clock, chance));
  }

  private static void guard(RpcServer rpc, Firewall firewall) {
    rpc.admit((server, client) -> firewall.admits(server.getAddress(), client.getAddress()));
  }

  private static void scheduleUpkeep(
      Background background, Volumes volumes, LocalDataPlane dataPlane) {
    background.every(SWEEP, volumes::sweep);
    background.run(dataPlane::reclaim);
    background.every(RECLAIM, dataPlane::reclaim);
  }

  private static Runnable scheduleJudgement(
      Background background, ExportTable exports, ClientExports clients, NfsProgram nfs) {
    Runnable judgeNow =
        () -> {
          exports.refresh();
          clients.refresh(nfs::change);
        };
    background.every(SWEEP, clients::sweep);
    background.every(JUDGE, judgeNow);
    return judgeNow;
  }

  private SavedState state(DataDirectory directory, LocalStorage storage) {
    return new SavedState(
        parts.add(storage.metadata(DataDirectory.SYSTEM)),
        parts.add(storage.metadata(DataDirectory.MONITORING)),
        directory.path(),
        configuration,
        seal(directory));
  }

  private Copies copies(
      DataDirectory directory,
      Volumes volumes,
      LocalDataPlane dataPlane,
      Runnable judgeNow,
      SavedState state) {
    return new Copies(
        new Copies.Setup(
            configuration.copies(),
            control,
            directory,
            volumes,
            dataPlane,
            monitoring,
            judgeNow,
            state,
            clock,
            chance));
  }

  private RpcServer rpc(NfsProgram program, TlsPolicy tls) {
    NfsSettings nfs = configuration.nfs();
    return new RpcServer(
        List.of(program, new PartitionProgram(chance)),
        Limits.DEFAULTS.withConnections(nfs.connections()),
        tls,
        clock,
        nfs.eventLoops(),
        nfs.transport().orElseGet(Transport::best));
  }

  /** What seals with the server's own key, which is made if there is none. */
  private Seal seal(DataDirectory directory) {
    Path file = directory.path().resolve(KeySources.OWN_KEY);
    return new Seal(KeyFile.open(file, Seal.KEY_BYTES, chance), chance);
  }

  private Identities identities(Seal seal, MetadataStore store) {
    return new Identities(
        configuration.account().id(), new SystemIdentities(store), seal, clock, chance);
  }

  private Control control(
      ResourceStore store, DataPlane dataPlane, KeyMaterial keys, Background background) {
    try {
      return new Control(
          new Control.Setup(
              configuration.account(),
              configuration.network(),
              configuration.timing(),
              configuration.quotas(),
              store,
              dataPlane,
              keys,
              background,
              clock,
              chance));
    } catch (NetworkClash e) {
      throw new CommandException(
          ExitCode.USAGE, e.getMessage() + "; choose another CIDR block under 'network'", e);
    }
  }

  private Monitoring monitoring(MetadataStore store, Background background) {
    return new Monitoring(
        new Monitoring.Setup(
            configuration.throughput().profile(),
            new MonitoringStore(store),
            configuration.account(),
            background,
            clock,
            chance,
            "http://" + Addresses.text(configuration.api().address()),
            configuration.mail().relay()));
  }

  private List<Service> services(Authorizer authorizer) {
    String account = configuration.account().id();
    String region = configuration.account().region();
    RoleSessions roles =
        configuration.api().insecure()
            ? RoleSessions.unchecked(clock, chance)
            : new AccountRoles(
                account, identities, WebKeys.issuers(configuration.issuers(), clock));
    List<Service> services = new ArrayList<>();
    services.add(new EfsService(control, authorizer));
    for (Service each : monitoring.services()) {
      String name = each.signingName();
      String prefix = name.equals("monitoring") ? "cloudwatch" : name;
      services.add(new Guarded(each, prefix, authorizer));
    }
    services.add(new Ec2Service(control, authorizer));
    services.add(new StsService(roles));
    services.add(new Guarded(new KmsService(control, chance), "kms", authorizer));
    services.add(new IamService(identities, authorizer));
    services.addAll(copies.services(authorizer));
    services.add(new LifecycleService(control, authorizer, lifecycle));
    services.add(new CheckService(control, authorizer, checks));
    services.add(new CloudTrailService(trail, account, region, authorizer));
    return services;
  }

  private HttpListener api() {
    InetSocketAddress address = configuration.api().address();
    boolean insecure = configuration.api().insecure();
    Gate gate =
        new Gate(
            configuration.account().region(),
            insecure
                ? RequestAuthenticator.insecure(configuration.account().id())
                : new SignatureVerifier(identities, clock),
            services(insecure ? Authorizer.EVERYTHING : identities),
            monitoring.openPages());
    HttpListener listener = new HttpListener(address, gate, chance);
    try {
      listener.open();
      return listener;
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, Addresses.explain(address, e, "--api or api.address"), e);
    }
  }

  private NfsConfig nfsConfig() {
    NfsSettings nfs = configuration.nfs();
    NfsConfig standard = NfsConfig.DEFAULTS;
    return new NfsConfig(
        nfs.lease(),
        nfs.grace(),
        nfs.slots(),
        standard.ioBytes(),
        standard.operations(),
        nfs.shareDeny(),
        nfs.extensions());
  }

  private void answerNames(InetSocketAddress address) {
    try {
      String suffix = configuration.tls().suffix();
      int ttlSeconds = configuration.dns().ttlSeconds();
      parts.add(DnsPort.open(address, suffix, ttlSeconds, control));
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, Addresses.explain(address, e, "dns.address"), e);
    }
  }

  private static void listen(RpcServer rpc, InetSocketAddress address) {
    try {
      rpc.bind(address);
    } catch (BindFailure e) {
      throw new CommandException(ExitCode.FAILED, Addresses.explain(address, e, "nfs.shared"), e);
    }
  }

  private static void requireInsecureLoopback(ApiSettings api) {
    if (api.insecure() && !api.address().getAddress().isLoopbackAddress()) {
      throw new CommandException(
          ExitCode.USAGE,
          "--insecure-api lets anyone who reaches "
              + Addresses.text(api.address())
              + " do anything. It is allowed on a loopback address only, such as 127.0.0.1:8049.");
    }
  }

  private String holder() {
    return "the server with process id "
        + ProcessHandle.current().pid()
        + " (API: "
        + Addresses.text(configuration.api().address())
        + ")";
  }
}
