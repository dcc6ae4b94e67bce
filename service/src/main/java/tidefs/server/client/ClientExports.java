package tidefs.server.client;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.api.cloudtrail.ClientEvent;
import tidefs.api.cloudtrail.Trail;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.control.AccessPoint;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.LifeCycleState;
import tidefs.control.PageRequest;
import tidefs.fs.Errno;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.iam.AuthenticationRefusal;
import tidefs.iam.Caller;
import tidefs.iam.ConnectVerifier;
import tidefs.iam.connect.ClientCertificate;
import tidefs.iam.connect.ConnectRefusal;
import tidefs.iam.connect.ConnectSignature;
import tidefs.iam.identity.Identities;
import tidefs.nfs4.Export;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.StateDomain;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.Connection;
import tidefs.rpc.TlsPeer;

/**
 * What connections see, by who they are. The certificate is judged once, at the first request; the
 * rights again and again, so that what policies, users and keys become reaches open connections.
 *
 * <p>Calls of a client that is not let in are refused as too weakly authenticated, which is what
 * {@code mount} calls "access denied by server"; it is told no more, the log and the events are.
 * One that may see nothing any more is answered ACCESS.
 */
public final class ClientExports {
  private static final Logger log = LoggerFactory.getLogger(ClientExports.class);

  private final Setup setup;
  private final RightsOfClients rights;
  private final ConnectVerifier verifier;
  private final Domains domains;
  private final Map<Connection, Live> live = new ConcurrentHashMap<>();

  /** What it stands on. */
  public record Setup(
      Control control,
      Identities identities,
      NfsConfig nfs,
      Trail trail,
      Clock clock,
      Chance chance) {}

  /** An open connection and what it sees. */
  private record Live(Client client, StateDomain domain, Inode root, Rights rights) {
    Live with(Rights now) {
      return new Live(client, domain, root, now);
    }
  }

  /** Exports for clients of any file system. */
  public ClientExports(Setup setup) {
    this.setup = setup;
    rights = new RightsOfClients(setup.control, setup.identities);
    verifier = new ConnectVerifier(setup.identities, setup.control.account().region());
    domains = new Domains(setup.nfs, setup.clock, setup.chance);
  }

  /** The file system that a client's certificate names, if it has shown one. */
  public static Optional<String> named(Connection connection) {
    try {
      Optional<ClientCertificate> shown = certificate(connection.tls());
      return shown.map(ClientCertificate::fileSystemId);
    } catch (ConnectRefusal e) {
      return Optional.empty();
    }
  }

  /** Whether nobody's rights to a file system are limited. May wait. */
  public boolean isOpenToAll(String fileSystemId) {
    return !rights.hasPolicy(fileSystemId);
  }

  /**
   * What a connection sees of the file system that its address or certificate names; nothing if it
   * is not let in. May wait.
   */
  public Optional<Export> of(Connection connection, Volume volume) {
    String address = connection.remoteAddress().getAddress().getHostAddress();
    Client nobody =
        new Client(
            volume, Optional.empty(), Optional.empty(), connection.tls().isPresent(), address);
    try {
      return admit(connection, client(connection, nobody));
    } catch (ConnectRefusal e) {
      refuse(nobody, e.message());
    } catch (AuthenticationRefusal e) {
      refuse(nobody, e.message());
    }
    return Optional.empty();
  }

  private Client client(Connection connection, Client nobody)
      throws ConnectRefusal, AuthenticationRefusal {
    Optional<ClientCertificate> shown = certificate(connection.tls());
    if (shown.isEmpty()) {
      return nobody;
    }
    ClientCertificate certificate = shown.get();
    Instant now = setup.clock.now();
    certificate.checkValid(now);
    String id = nobody.volume().id();
    if (!certificate.fileSystemId().equals(id)) {
      throw new ConnectRefusal("the certificate names another file system");
    }
    Optional<Caller> caller = Optional.empty();
    if (certificate.signature().isPresent()) {
      ConnectSignature signature = certificate.signature().get();
      caller =
          Optional.of(
              verifier.verify(
                  signature.accessKeyId(),
                  signature.hex(),
                  signature.time(),
                  signature.sessionToken(),
                  certificate.publicKeyHash(),
                  id,
                  now));
    }
    Optional<AccessPoint> accessPoint =
        certificate.accessPointId().isPresent()
            ? Optional.of(accessPoint(certificate.accessPointId().get(), id))
            : Optional.empty();
    return new Client(nobody.volume(), caller, accessPoint, true, nobody.address());
  }

  private static Optional<ClientCertificate> certificate(Optional<TlsPeer> tls)
      throws ConnectRefusal {
    return tls.isPresent()
            && tls.get().certificate().isPresent()
            && ClientCertificate.isOne(tls.get().certificate().get())
        ? Optional.of(ClientCertificate.parse(tls.get().certificate().get()))
        : Optional.empty();
  }

  private AccessPoint accessPoint(String id, String fileSystemId) throws ConnectRefusal {
    try {
      AccessPoint found =
          setup
              .control
              .accessPoints()
              .describe(Optional.of(id), Optional.empty(), PageRequest.FIRST)
              .entries()
              .getFirst();
      if (found.fileSystemId().equals(fileSystemId) && found.state() == LifeCycleState.AVAILABLE) {
        return found;
      }
    } catch (ApiRefusal e) {
      throw new ConnectRefusal("the access point does not exist");
    }
    throw new ConnectRefusal("the access point is not available for this file system");
  }

  private Optional<Export> admit(Connection connection, Client client) {
    Rights now = rights.of(client);
    record(client, "NewClientConnection", now, Optional.empty());
    if (!now.mount()) {
      return Optional.empty();
    }
    Inode root = client.volume().fileSystem().root();
    if (client.accessPoint().isPresent()) {
      try {
        root = AccessPointRoot.open(client.volume().fileSystem(), client.accessPoint().get());
      } catch (FsException e) {
        Status why = e.errno() == Errno.ENOENT ? Status.NOENT : Status.NOTDIR;
        return Optional.of(closed(client, why));
      }
    }
    String name = client.domainName();
    boolean own = !client.encrypted();
    StateDomain domain = own ? client.volume().domain() : domains.enter(name);
    Live made = new Live(client, domain, root, now);
    live.put(connection, made);
    connection.onClose(() -> {
      live.remove(connection);
      if (!own) {
        domains.leave(name);
      }
    });
    return Optional.of(export(made));
  }

  private static Export export(Live of) {
    Client client = of.client;
    Identity identity =
        new Identity(client.accessPoint().flatMap(AccessPoint::posixUser), of.rights.root());
    Export.Root root =
        of.rights.mount()
            ? new Export.Root.Directory(client.volume(), of.root)
            : new Export.Root.Closed(Status.ACCESS);
    return new Export(of.domain, root, identity, !of.rights.write());
  }

  private void refuse(Client client, String why) {
    log.atWarn()
        .addKeyValue("fileSystem", client.volume().id())
        .addKeyValue("client", client.address())
        .addKeyValue("reason", why)
        .log("NFS client refused");
    record(client, "NewClientConnection", new Rights(false, false, false), Optional.of(why));
  }

  /** An export with nothing in it, and with a server of its own that nobody shares. */
  private Export closed(Client client, Status why) {
    StateDomain domain =
        new StateDomain(client.volume().id() + "/closed", setup.nfs, setup.clock, setup.chance);
    return new Export(domain, new Export.Root.Closed(why), Export.AS_STATED, true);
  }

  /**
   * Judges all open connections anew, and hands {@code change} the exports of those whose rights
   * are others now. Every few seconds.
   */
  public void refresh(BiConsumer<Connection, Export> change) {
    live.forEach((connection, before) -> {
      Rights now =
          isRevoked(before.client) ? new Rights(false, false, false) : rights.of(before.client);
      if (!now.equals(before.rights)) {
        Live after = before.with(now);
        if (live.replace(connection, before, after)) {
          record(before.client, "UpdateClientConnection", now, Optional.empty());
          change.accept(connection, export(after));
        }
      }
    });
  }

  /** Whether the key that a client has signed with is no longer in force, or its user is gone. */
  private boolean isRevoked(Client client) {
    return client.caller().isPresent() && !setup.identities.isInForce(client.caller().get());
  }

  /** Drops silent clients of all domains. Every second. */
  public void sweep() {
    domains.sweep();
  }

  private void record(Client client, String name, Rights now, Optional<String> refusal) {
    String id = new UUID(setup.chance.nextLong(), setup.chance.nextLong()).toString();
    var account = setup.control.account();
    setup.trail.add(
        new ClientEvent(
            id,
            name,
            setup.clock.now(),
            client.address(),
            client.caller(),
            account.fileSystemArn(client.volume().id()),
            client.accessPoint().map(it -> account.accessPointArn(it.id())),
            now.mount(),
            now.write(),
            now.root(),
            refusal));
    log.atInfo()
        .addKeyValue("event", name)
        .addKeyValue("fileSystem", client.volume().id())
        .addKeyValue("client", client.address())
        .addKeyValue("principal", client.caller().map(Caller::arn).orElse("anonymous"))
        .addKeyValue("accessPoint", client.accessPoint().map(AccessPoint::id).orElse("none"))
        .addKeyValue("rights", now)
        .log("NFS client");
  }
}
