package tidefs.control;

import tidefs.base.Chance;
import tidefs.base.Clock;

/** The control plane of one account in one Region: the way in for every API. */
public final class Control {
  private final Setup setup;
  private final Firewall firewall;
  private final Resources resources;
  private final Networking networking;
  private final KmsKeys kmsKeys;
  private final Reconciler reconciler;
  private final FileSystems fileSystems;
  private final MountTargets mountTargets;
  private final AccessPoints accessPoints;
  private final Tagging tagging;
  private final Settings settings;
  private final Replications replications;

  /** Loads all resources; nothing happens to them before {@link #start}. */
  public Control(Setup setup) {
    this.setup = setup;
    Ids ids = new Ids(setup.chance);
    firewall = new Firewall();
    resources = new Resources(setup.network, setup.store, firewall);
    kmsKeys = new KmsKeys(setup.account, resources, setup.keyMaterial, setup.clock, setup.chance);
    reconciler = new Reconciler(resources, setup.dataPlane, setup.later, setup.timing);
    fileSystems =
        new FileSystems(
            setup.account,
            resources,
            reconciler,
            setup.dataPlane,
            setup.clock,
            ids,
            kmsKeys,
            setup.quotas);
    mountTargets = new MountTargets(setup.account, resources, reconciler, ids, setup.quotas);
    accessPoints = new AccessPoints(setup.account, resources, reconciler, ids, setup.quotas);
    tagging = new Tagging(setup.account, resources);
    replications = new Replications(setup.account, resources, fileSystems, reconciler, setup.clock);
    settings = new Settings(setup.account, resources, reconciler);
    networking = new Networking(resources, ids);
  }

  /** What the control plane is made of and stands on. */
  public record Setup(
      Account account,
      Network network,
      Timing timing,
      Quotas quotas,
      ResourceStore store,
      DataPlane dataPlane,
      KeyMaterial keyMaterial,
      Later later,
      Clock clock,
      Chance chance) {
    /** Refuses an account and a network of different Regions. */
    public Setup {
      if (!account.region().equals(network.region())) {
        throw new IllegalArgumentException(
            "the account is in " + account.region() + ", its network in " + network.region());
      }
    }
  }

  /** Takes up the work that the last process left, and serves every mount target again. */
  public void start() {
    reconciler.start();
  }

  /** Whose resources these are, and where. */
  public Account account() {
    return setup.account;
  }

  /** The network that mount targets live in. */
  public Network network() {
    return resources.network();
  }

  /** Who may connect to which mount target. */
  public Firewall firewall() {
    return firewall;
  }

  /** The calls on VPCs, subnets and security groups. */
  public Networking networking() {
    return networking;
  }

  /** The calls on KMS keys. */
  public KmsKeys kmsKeys() {
    return kmsKeys;
  }

  /** The calls on file systems. */
  public FileSystems fileSystems() {
    return fileSystems;
  }

  /** The calls on mount targets. */
  public MountTargets mountTargets() {
    return mountTargets;
  }

  /** The calls on access points. */
  public AccessPoints accessPoints() {
    return accessPoints;
  }

  /** The calls on tags. */
  public Tagging tagging() {
    return tagging;
  }

  /** The calls on replication configurations. */
  public Replications replications() {
    return replications;
  }

  /** The calls on the settings of file systems. */
  public Settings settings() {
    return settings;
  }
}
