package tidefs.server.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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

  /** The last policy of each file system that has one, by its id: clients are judged often. */
  private final Map<String, Parsed> parsed = new ConcurrentHashMap<>();

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
    Optional<String> text = policyText(fileSystemId);
    if (text.isEmpty()) {
      parsed.remove(fileSystemId);
      return Optional.empty();
    }
    Parsed last = parsed.get(fileSystemId);
    if (last == null || !last.text.equals(text.get())) {
      last = Parsed.of(text.get());
      parsed.put(fileSystemId, last);
    }
    return Optional.of(last.policy);
  }

  private Optional<String> policyText(String fileSystemId) {
    try {
      return control.settings().of(fileSystemId).policy();
    } catch (ApiRefusal gone) {
      return Optional.empty();
    }
  }

  /** A policy and the text that it was read from. */
  private record Parsed(String text, Policy policy) {
    static Parsed of(String text) {
      try {
        return new Parsed(text, PolicyParser.ofResource(text));
      } catch (MalformedPolicy e) {
        throw new IllegalStateException("a policy was checked before it was kept", e);
      }
    }
  }
}
