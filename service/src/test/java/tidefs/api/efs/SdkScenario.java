package tidefs.api.efs;

import java.net.URI;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.efs.EfsClient;
import software.amazon.awssdk.services.efs.model.DestinationToCreate;
import software.amazon.awssdk.services.efs.model.LifecyclePolicy;
import software.amazon.awssdk.services.efs.model.PerformanceMode;
import software.amazon.awssdk.services.efs.model.ResourceIdType;
import software.amazon.awssdk.services.efs.model.Status;
import software.amazon.awssdk.services.efs.model.Tag;
import software.amazon.awssdk.services.efs.model.ThroughputMode;
import software.amazon.awssdk.services.efs.model.TransitionToArchiveRules;
import software.amazon.awssdk.services.efs.model.TransitionToIARules;
import software.amazon.awssdk.services.efs.model.TransitionToPrimaryStorageClassRules;
import tidefs.control.Replication;
import tidefs.testkit.ControlPlane;

/** Calls that together show every member of every reply, made with the AWS SDK for Java. */
final class SdkScenario implements AutoCloseable {
  private static final String SUBNET = "subnet-0000000000001270";
  private static final String POLICY =
      "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\"}}";

  private final ControlPlane plane;
  private final EfsClient efs;
  private final Set<String> seen = new HashSet<>();

  SdkScenario(ControlPlane plane) {
    this.plane = plane;
    efs =
        EfsClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + plane.client().port()))
            .region(Region.of(ControlPlane.REGION))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "s")))
            .httpClient(UrlConnectionHttpClient.create())
            .overrideConfiguration(it -> it.addExecutionInterceptor(new Witness()))
            .build();
  }

  private final class Witness implements ExecutionInterceptor {
    @Override
    public void afterExecution(
        Context.AfterExecution context, ExecutionAttributes executionAttributes) {
      String operation = context.request().getClass().getSimpleName().replaceAll("Request$", "");
      seen.add(operation);
      SdkModel.present((SdkPojo) context.response())
          .keySet()
          .forEach(member -> seen.add(operation + "." + member));
    }
  }

  /** The operations that answered and, as {@code Operation.Member}, what was in their replies. */
  Set<String> seen() {
    return seen;
  }

  void run() {
    String first = fileSystem("one");
    String second = fileSystem("two");
    plane.settle();
    settings(first);
    mountTargets(first);
    accessPoints(first);
    tags(first);
    efs.describeFileSystems(it -> it.maxItems(1));
    String marker = efs.describeFileSystems(it -> it.maxItems(1)).nextMarker();
    efs.describeFileSystems(it -> it.marker(marker));
    efs.updateFileSystem(it ->
        it.fileSystemId(second)
            .throughputMode(ThroughputMode.PROVISIONED)
            .provisionedThroughputInMibps(3.0));
    efs.putAccountPreferences(it -> it.resourceIdType(ResourceIdType.LONG_ID));
    describeAccountPreferences();
    replication(first);
    plane.settle();
    efs.describeFileSystems(it -> {});
    efs.deleteFileSystem(it -> it.fileSystemId(second));
    plane.settle();
  }

  /** This client of the JDK cannot send GET with a body, which the operation's shape asks for. */
  private void describeAccountPreferences() {
    var answer = plane.client().get("/2015-02-01/account-preferences").json();
    seen.add("DescribeAccountPreferences");
    seen.add("DescribeAccountPreferences.ResourceIdPreference");
    for (String member : answer.get("ResourceIdPreference").propertyNames()) {
      seen.add("DescribeAccountPreferences.ResourceIdPreference." + member);
    }
  }

  private void replication(String source) {
    String role = "arn:aws:iam::123456789012:role/replicates";
    efs.createReplicationConfiguration(it ->
        it.sourceFileSystemId(source)
            .destinations(DestinationToCreate.builder().region("us-east-1").roleArn(role).build()));
    String second = efs.createFileSystem(it -> it.creationToken("second source")).fileSystemId();
    plane.settle();
    efs.createReplicationConfiguration(it ->
        it.sourceFileSystemId(second)
            .destinations(DestinationToCreate.builder().region("us-east-1").build()));
    plane
        .control
        .replications()
        .progress(
            source,
            Replication.Status.ERROR,
            new Replication.Progress(true, Optional.of(Instant.EPOCH), "told"));
    efs.describeReplicationConfigurations(it -> it.fileSystemId(source));
    efs.describeReplicationConfigurations(it -> it.maxResults(1));
    efs.deleteReplicationConfiguration(it -> it.sourceFileSystemId(source));
    plane.control.replications().end(source);
  }

  private String fileSystem(String token) {
    return efs.createFileSystem(it ->
            it.creationToken(token)
                .performanceMode(PerformanceMode.GENERAL_PURPOSE)
                .encrypted(true)
                .throughputMode(ThroughputMode.PROVISIONED)
                .provisionedThroughputInMibps(2.0)
                .availabilityZoneName("us-east-1a")
                .backup(true)
                .tags(tag("Name", token)))
        .fileSystemId();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private void settings(String id) {
    efs.putBackupPolicy(it -> it.fileSystemId(id).backupPolicy(to -> to.status(Status.DISABLED)));
    efs.describeBackupPolicy(it -> it.fileSystemId(id));
    efs.putFileSystemPolicy(it -> it.fileSystemId(id).policy(POLICY));
    efs.describeFileSystemPolicy(it -> it.fileSystemId(id));
    efs.deleteFileSystemPolicy(it -> it.fileSystemId(id));
    efs.updateFileSystemProtection(
        it -> it.fileSystemId(id).replicationOverwriteProtection("DISABLED"));
    String regional =
        efs.createFileSystem(
                it -> it.creationToken("regional").throughputMode(ThroughputMode.ELASTIC))
            .fileSystemId();
    plane.settle();
    efs.putLifecycleConfiguration(it ->
        it.fileSystemId(regional)
            .lifecyclePolicies(
                policy(p -> p.transitionToIA(TransitionToIARules.AFTER_7_DAYS)),
                policy(p -> p.transitionToArchive(TransitionToArchiveRules.AFTER_90_DAYS)),
                policy(p ->
                    p.transitionToPrimaryStorageClass(
                        TransitionToPrimaryStorageClassRules.AFTER_1_ACCESS))));
    efs.describeLifecycleConfiguration(it -> it.fileSystemId(regional));
    for (String zone : new String[] {"1", "2"}) {
      efs.createMountTarget(it -> it.fileSystemId(regional).subnetId(SUBNET + zone));
    }
    plane.settle();
    String marker =
        efs.describeMountTargets(it -> it.fileSystemId(regional).maxItems(1)).nextMarker();
    efs.describeMountTargets(it -> it.fileSystemId(regional).marker(marker));
  }

  private static LifecyclePolicy policy(java.util.function.Consumer<LifecyclePolicy.Builder> of) {
    return LifecyclePolicy.builder().applyMutation(of).build();
  }

  private void mountTargets(String id) {
    String target =
        efs.createMountTarget(it -> it.fileSystemId(id).subnetId(SUBNET + "1")).mountTargetId();
    plane.settle();
    var groups = efs.describeMountTargetSecurityGroups(it -> it.mountTargetId(target));
    efs.modifyMountTargetSecurityGroups(
        it -> it.mountTargetId(target).securityGroups(groups.securityGroups()));
    efs.deleteMountTarget(it -> it.mountTargetId(target));
    plane.settle();
  }

  private void accessPoints(String id) {
    for (int i = 0; i < 2; i++) {
      String token = String.format(Locale.ROOT, "t%d", i);
      efs.createAccessPoint(it ->
          it.clientToken(token)
              .fileSystemId(id)
              .posixUser(user -> user.uid(1L).gid(2L).secondaryGids(3L))
              .rootDirectory(root ->
                  root.path("/a")
                      .creationInfo(in -> in.ownerUid(1L).ownerGid(2L).permissions("755")))
              .tags(tag("Name", token)));
    }
    var page = efs.describeAccessPoints(it -> it.fileSystemId(id).maxResults(1));
    efs.deleteAccessPoint(it -> it.accessPointId(page.accessPoints().getFirst().accessPointId()));
  }

  @SuppressWarnings("deprecation")
  private void tags(String id) {
    efs.tagResource(it -> it.resourceId(id).tags(tag("a", "b")));
    efs.createTags(it -> it.fileSystemId(id).tags(tag("c", "d")));
    efs.listTagsForResource(it -> it.resourceId(id).maxResults(1));
    String marker = efs.describeTags(it -> it.fileSystemId(id).maxItems(1)).nextMarker();
    efs.describeTags(it -> it.fileSystemId(id).marker(marker));
    efs.untagResource(it -> it.resourceId(id).tagKeys("a"));
    efs.deleteTags(it -> it.fileSystemId(id).tagKeys("c"));
  }

  @Override
  public void close() {
    efs.close();
  }
}
