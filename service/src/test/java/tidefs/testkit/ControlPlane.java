package tidefs.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import tidefs.api.Gate;
import tidefs.api.HttpListener;
import tidefs.api.ec2.Ec2Service;
import tidefs.api.efs.EfsService;
import tidefs.api.kms.KmsService;
import tidefs.api.sts.RoleSessions;
import tidefs.api.sts.StsService;
import tidefs.base.Chance;
import tidefs.control.Account;
import tidefs.control.Control;
import tidefs.control.KeyMaterial;
import tidefs.control.Network;
import tidefs.control.Quotas;
import tidefs.control.Timing;
import tidefs.iam.RequestAuthenticator;
import tidefs.iam.policy.Authorizer;

/** A control plane behind its HTTP port, over fakes; a restart keeps the store alone. */
public final class ControlPlane implements AutoCloseable {
  public static final String REGION = "us-east-1";
  public static final String ACCOUNT = "123456789012";

  public final MemoryResourceStore store = new MemoryResourceStore();
  public final ManualClock clock = new ManualClock();
  public final KeyMaterial keys = MemoryKeys.keyring();
  public final Network network;
  public FakeDataPlane dataPlane = new FakeDataPlane();
  public ManualLater later = new ManualLater();
  public Control control;
  private Authorizer authorizer = Authorizer.EVERYTHING;
  private HttpListener listener;

  public ControlPlane() {
    this(Network.loopback(REGION));
  }

  public ControlPlane(Network network) {
    this.network = network;
    control = started();
    listener = opened(RequestAuthenticator.insecure(ACCOUNT));
  }

  private Control started() {
    var made =
        new Control(
            new Control.Setup(
                new Account(ACCOUNT, REGION),
                network,
                Timing.DEFAULT,
                Quotas.DEFAULT,
                store,
                dataPlane,
                keys,
                later,
                clock,
                Chance.system()));
    made.start();
    return made;
  }

  private HttpListener opened(RequestAuthenticator authenticator) {
    var gate =
        new Gate(
            REGION,
            authenticator,
            List.of(
                new EfsService(control, authorizer),
                new Ec2Service(control, authorizer),
                new StsService(RoleSessions.unchecked(clock, Chance.system())),
                new KmsService(control, Chance.system())));
    var made =
        new HttpListener(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), gate, Chance.system());
    try {
      made.open();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return made;
  }

  /** A new process over the same store; background work that was waiting is lost. */
  public void restart() {
    listener.close();
    dataPlane = new FakeDataPlane();
    later = new ManualLater();
    control = started();
    listener = opened(RequestAuthenticator.insecure(ACCOUNT));
  }

  /** Lets another authenticator decide. */
  public void authenticateWith(RequestAuthenticator authenticator) {
    listener.close();
    listener = opened(authenticator);
  }

  /** Lets callers be told apart, and another say what each may do. */
  public void secureWith(RequestAuthenticator authenticator, Authorizer newAuthorizer) {
    authorizer = newAuthorizer;
    authenticateWith(authenticator);
  }

  /** Runs the background work until all resources have come to rest. */
  public void settle() {
    for (int i = 0; i < 4; i++) {
      later.runWaiting();
    }
  }

  /** A client of the port. */
  public ApiClient client() {
    return new ApiClient(listener.port());
  }

  @Override
  public void close() {
    listener.close();
  }
}
