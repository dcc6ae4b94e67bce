package tidefs.api.efs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.PageRequest;
import tidefs.iam.policy.AccessRequest;
import tidefs.iam.policy.Authorizer;
import tidefs.iam.policy.Decision;
import tidefs.iam.policy.Evaluator;
import tidefs.iam.policy.MalformedPolicy;
import tidefs.iam.policy.Policy;
import tidefs.iam.policy.PolicyParser;

/**
 * Who may call which operation on what: the caller's policies decide, and the policy of the file
 * system that the call is about ("Actions, resources, and condition keys for Amazon EFS"). Whoever
 * creates something with tags must be allowed to tag it too.
 */
final class Permissions {
  private static final String PREFIX = "elasticfilesystem:";
  private static final String PUT_POLICY = "PutFileSystemPolicy";
  private static final String TAG = "TagResource";
  private static final String CREATE_ACTION = "elasticfilesystem:CreateAction";
  private static final Set<String> CREATING = Set.of("CreateFileSystem", "CreateAccessPoint");

  private final Control control;
  private final Authorizer authorizer;

  Permissions(Control control, Authorizer authorizer) {
    this.control = control;
    this.authorizer = authorizer;
  }

  /** Refuses a call that the caller may not make. */
  void require(String action, EfsRequest request) throws ServiceError {
    String arn = arn(request);
    requireOn(arn, question(action, arn, request), action, request);
    if (CREATING.contains(action) && !request.tags().isEmpty()) {
      AccessRequest tagging = question(TAG, arn, request, Map.of(CREATE_ACTION, action));
      requireOn(arn, tagging, TAG, request);
    }
  }

  private void requireOn(String arn, AccessRequest question, String action, EfsRequest request)
      throws ServiceError {
    Decision decision = authorizer.decide(question, policyOf(arn));
    if (!decision.isAllowed()) {
      throw new ServiceError(
          403,
          "AccessDeniedException",
          "User: "
              + request.caller().arn()
              + " is not authorized to perform: "
              + PREFIX
              + action
              + " on the specified resource"
              + (decision == Decision.EXPLICITLY_DENIED ? " with an explicit deny" : ""));
    }
  }

  /** Refuses a new file system policy under which the caller could not put another. */
  void refuseLockout(Policy policy, String fileSystemId, EfsRequest request) throws ServiceError {
    String arn = control.account().fileSystemArn(fileSystemId);
    AccessRequest question = question(PUT_POLICY, arn, request);
    boolean denied =
        Evaluator.decide(question, List.of(policy)) == Decision.EXPLICITLY_DENIED
            || !authorizer.decide(question, Optional.of(policy)).isAllowed();
    if (denied) {
      throw new ServiceError(
          400,
          "InvalidPolicyException",
          "The policy would lock you out: you could not call PutFileSystemPolicy any more. Set"
              + " BypassPolicyLockoutSafetyCheck if that is intended.");
    }
  }

  private AccessRequest question(String action, String arn, EfsRequest request) {
    return question(action, arn, request, Map.of());
  }

  private AccessRequest question(
      String action, String arn, EfsRequest request, Map<String, String> more) {
    Map<String, List<String>> context = new TreeMap<>();
    more.forEach((key, value) -> context.put(key, List.of(value)));
    request.tags().forEach((key, value) -> context.put("aws:RequestTag/" + key, List.of(value)));
    if (!request.tagKeys().isEmpty()) {
      context.put("aws:TagKeys", request.tagKeys());
    }
    tagsOf(arn).forEach((key, value) -> context.put("aws:ResourceTag/" + key, List.of(value)));
    // Policies ask this of NFS clients; how the API is reached, its operator decides.
    context.put("aws:SecureTransport", List.of("true"));
    context.put("aws:SourceIp", List.of(request.remoteAddress()));
    context.put("aws:RequestedRegion", List.of(control.account().region()));
    request
        .flagNamed("Encrypted")
        .ifPresent(value -> context.put("elasticfilesystem:Encrypted", List.of(value)));
    return new AccessRequest(Optional.of(request.caller()), PREFIX + action, arn, context);
  }

  /** The tags of what exists under an ARN. */
  private Map<String, String> tagsOf(String arn) {
    Map<String, String> tags = new TreeMap<>();
    if (!arn.endsWith("/*")) {
      try {
        control
            .tagging()
            .list(arn, PageRequest.FIRST)
            .entries()
            .forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
      } catch (ApiRefusal gone) {
        return Map.of();
      }
    }
    return tags;
  }

  /** What the call is about: a file system or an access point, or all there are of them. */
  private String arn(EfsRequest request) {
    Optional<String> accessPoint = request.named("AccessPointId");
    if (accessPoint.isPresent()) {
      return accessPointArn(accessPoint.get());
    }
    Optional<String> target = request.named("MountTargetId");
    if (target.isPresent()) {
      return fileSystemArn(ownerOf(target.get()).orElse("*"));
    }
    Optional<String> resource = request.named("ResourceId");
    if (resource.isPresent() && resource.get().contains("fsap-")) {
      return accessPointArn(resource.get());
    }
    return fileSystemArn(
        resource
            .or(() -> request.named("FileSystemId"))
            .or(() -> request.named("SourceFileSystemId"))
            .orElse("*"));
  }

  private String fileSystemArn(String idOrArn) {
    return idOrArn.startsWith("arn:") ? idOrArn : control.account().fileSystemArn(idOrArn);
  }

  private String accessPointArn(String idOrArn) {
    return idOrArn.startsWith("arn:") ? idOrArn : control.account().accessPointArn(idOrArn);
  }

  private Optional<String> ownerOf(String mountTargetId) {
    try {
      return Optional.of(
          control
              .mountTargets()
              .withId(mountTargetId, PageRequest.FIRST)
              .entries()
              .getFirst()
              .mountTarget()
              .fileSystemId());
    } catch (ApiRefusal gone) {
      return Optional.empty();
    }
  }

  /** The policy of a file system that has one. */
  private Optional<Policy> policyOf(String arn) {
    if (!arn.contains(":file-system/fs-")) {
      return Optional.empty();
    }
    try {
      return Optional.of(PolicyParser.ofResource(control.settings().policy(arn)));
    } catch (ApiRefusal none) {
      return Optional.empty();
    } catch (MalformedPolicy e) {
      throw new IllegalStateException("a policy was checked before it was kept", e);
    }
  }
}
