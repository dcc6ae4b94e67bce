package tidefs.server.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.OverwriteProtection;
import tidefs.iam.identity.Identities;
import tidefs.iam.policy.AccessRequest;
import tidefs.iam.policy.MalformedPolicy;
import tidefs.iam.policy.Policy;
import tidefs.iam.policy.PolicyParser;

/** What the policies of file systems and users let NFS clients do. */
final class RightsOfClients {
  private final Control control;
  private final Identities identities;

  RightsOfClients(Control control, Identities identities) {
    this.control = control;
    this.identities = identities;
  }

  /** The rights of a client now. */
  Rights of(Client client) {
    Optional<Policy> policy = policy(client.volume().id());
    boolean writable = !isReplicating(client.volume().id());
    if (policy.isEmpty()) {
      return new Rights(true, writable, true);
    }
    return new Rights(
        allows(client, policy, "ClientMount"),
        writable && allows(client, policy, "ClientWrite"),
        allows(client, policy, "ClientRootAccess"));
  }

  /** Whether a file system has a policy, or follows another and cannot be written. */
  boolean hasPolicy(String fileSystemId) {
    return policy(fileSystemId).isPresent() || isReplicating(fileSystemId);
  }

  private boolean isReplicating(String fileSystemId) {
    try {
      return control.settings().of(fileSystemId).protection() == OverwriteProtection.REPLICATING;
    } catch (ApiRefusal gone) {
      return false;
    }
  }

  private boolean allows(Client client, Optional<Policy> policy, String action) {
    Map<String, List<String>> context = new TreeMap<>();
    context.put("aws:SecureTransport", List.of(Boolean.toString(client.encrypted())));
    context.put("aws:SourceIp", List.of(client.address()));
    context.put("elasticfilesystem:AccessedViaMountTarget", List.of("true"));
    client
        .accessPoint()
        .ifPresent(it ->
            context.put(
                "elasticfilesystem:AccessPointArn",
                List.of(control.account().accessPointArn(it.id()))));
    AccessRequest request =
        new AccessRequest(
            client.caller(),
            "elasticfilesystem:" + action,
            control.account().fileSystemArn(client.volume().id()),
            context);
    return identities.decide(request, policy).isAllowed();
  }

  private Optional<Policy> policy(String fileSystemId) {
    try {
      Optional<String> text = control.settings().of(fileSystemId).policy();
      return text.isEmpty() ? Optional.empty() : Optional.of(PolicyParser.ofResource(text.get()));
    } catch (ApiRefusal gone) {
      return Optional.empty();
    } catch (MalformedPolicy e) {
      throw new IllegalStateException("a policy was checked before it was kept", e);
    }
  }
}
