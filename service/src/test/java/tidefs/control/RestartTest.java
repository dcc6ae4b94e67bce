package tidefs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.store.FencedException;
import tidefs.store.MetadataStore;
import tidefs.store.StoreResources;
import tidefs.store.memory.MemoryJournal;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;
import tidefs.testkit.FakeDataPlane;
import tidefs.testkit.ManualLater;
import tidefs.testkit.MemoryKeys;

/** What is left when the process ends between any two steps. */
class RestartTest {
  private static final String V = "/2015-02-01";
  private static final String SUBNET = "subnet-00000000000012701";

  private static String create(ApiClient api, String token) {
    return api.post(V + "/file-systems", "{\"CreationToken\":\"" + token + "\"}")
        .get("FileSystemId");
  }

  private static Answer mount(ApiClient api, String fileSystem) {
    return api.post(
        V + "/mount-targets",
        "{\"FileSystemId\":\"" + fileSystem + "\",\"SubnetId\":\"" + SUBNET + "\"}");
  }

  @Test
  void everyResourceIsTheSameAfterARestart() {
    try (ControlPlane plane = new ControlPlane()) {
      ApiClient api = plane.client();
      String id = create(api, "t");
      api.post(
          V + "/file-systems",
          "{\"CreationToken\":\"full\",\"Encrypted\":true,\"Backup\":true,"
              + "\"ThroughputMode\":\"provisioned\",\"ProvisionedThroughputInMibps\":12.5,"
              + "\"AvailabilityZoneName\":\"us-east-1a\","
              + "\"Tags\":[{\"Key\":\"é\",\"Value\":\"ü\"},{\"Key\":\"Name\",\"Value\":\"n\"}]}");
      plane.settle();
      mount(api, id);
      api.post(
          V + "/access-points",
          "{\"ClientToken\":\"a\",\"FileSystemId\":\""
              + id
              + "\",\"PosixUser\":{\"Uid\":1,\"Gid\":2,\"SecondaryGids\":[3]},\"RootDirectory\":"
              + "{\"Path\":\"/x\",\"CreationInfo\":{\"OwnerUid\":4,\"OwnerGid\":5,"
              + "\"Permissions\":\"700\"}}}");
      api.put(
          V + "/file-systems/" + id + "/lifecycle-configuration",
          "{\"LifecyclePolicies\":[{\"TransitionToIA\":\"AFTER_30_DAYS\"}]}");
      plane.settle();
      List<String> reads =
          List.of(
              "/file-systems",
              "/mount-targets?FileSystemId=" + id,
              "/access-points",
              "/file-systems/" + id + "/lifecycle-configuration");
      List<String> before = reads.stream().map(read -> api.get(V + read).text()).toList();
      plane.restart();
      ApiClient after = plane.client();
      assertThat(reads.stream().map(read -> after.get(V + read).text())).isEqualTo(before);
      assertThat(create(after, "t")).isEqualTo(id);
      assertThat(mount(after, id).error()).isEqualTo("409 MountTargetConflict");
      assertThat(plane.dataPlane.exports()).isEmpty();
      plane.settle();
      assertThat(plane.dataPlane.exports()).hasSize(1);
    }
  }

  @Test
  void whatWasCutIsFinished() {
    try (ControlPlane plane = new ControlPlane()) {
      ApiClient api = plane.client();
      String deleting = create(api, "deleting");
      String updating = create(api, "updating");
      String mounted = create(api, "mounted");
      plane.settle();
      String unmounting = mount(api, mounted).get("MountTargetId");
      plane.settle();
      api.delete(V + "/mount-targets/" + unmounting);
      String creating = create(api, "creating");
      api.delete(V + "/file-systems/" + deleting);
      api.put(V + "/file-systems/" + updating, "{\"ThroughputMode\":\"elastic\"}");
      String mounting = mount(api, updating).get("MountTargetId");
      assertThat(mounting).isEmpty();

      plane.restart();
      ApiClient after = plane.client();
      plane.settle();
      for (String id : List.of(creating, updating)) {
        assertThat(after.get(V + "/file-systems?FileSystemId=" + id).text())
            .contains("\"LifeCycleState\":\"available\"");
      }
      assertThat(plane.dataPlane.fileSystems()).contains(creating).doesNotContain(deleting);
      assertThat(after.get(V + "/file-systems?FileSystemId=" + deleting).error())
          .isEqualTo("404 FileSystemNotFound");
      assertThat(after.get(V + "/mount-targets?MountTargetId=" + unmounting).error())
          .isEqualTo("404 MountTargetNotFound");
      assertThat(mount(after, mounted).get("IpAddress")).isEqualTo("127.0.1.4");
    }
  }

  @Test
  void aCallWhoseChangeCannotBecomeDurableIsNotAcknowledged() {
    try (ControlPlane plane = new ControlPlane()) {
      plane.store.beforeDurable(() -> false);
      Answer failed = plane.client().post(V + "/file-systems", "{\"CreationToken\":\"lost\"}");
      assertThat(failed.error()).isEqualTo("500 InternalServerError");
      assertThat(failed.get("FileSystemId")).isEmpty();
    }
  }

  @Test
  void aReaderWaitsForWhatItSees() {
    try (ControlPlane plane = new ControlPlane()) {
      var waits = new AtomicInteger();
      create(plane.client(), "seen");
      plane.store.beforeDurable(() -> waits.incrementAndGet() > 0);
      plane.client().get(V + "/file-systems");
      assertThat(waits).hasValue(1);
    }
  }

  @Test
  void aKilledProcessLeavesEveryAcknowledgedCallInItsJournal(@TempDir Path directory)
      throws Exception {
    var log = new MemoryJournal.Log();
    try (StoreResources memory = new StoreResources(16 << 20)) {
      MetadataStore killed = open(directory.resolve("1"), log, memory);
      var before = control(killed, new ManualLater());
      String id = before.fileSystems().create(wanted("token")).fileSystem().id();
      String gone = before.fileSystems().create(wanted("gone")).fileSystem().id();
      var later = new ManualLater();
      before = control(killed, later);
      for (int i = 0; i < 4; i++) {
        later.runWaiting();
      }
      before.mountTargets().create(new NewMountTarget(id, SUBNET, Optional.empty(), List.of()));
      before.fileSystems().delete(gone);
      for (int i = 0; i < 4; i++) {
        later.runWaiting();
      }
      // The process is gone without a word: nothing is left but what its journal has synced.
      try (MetadataStore next = open(directory.resolve("2"), log, memory)) {
        Control after = control(next, new ManualLater());
        assertThat(
                after
                    .fileSystems()
                    .describe(Optional.empty(), Optional.empty(), PageRequest.FIRST)
                    .entries())
            .singleElement()
            .satisfies(it -> {
              assertThat(it.fileSystem().id()).isEqualTo(id);
              assertThat(it.fileSystem().state()).isEqualTo(LifeCycleState.AVAILABLE);
              assertThat(it.fileSystem().settings().tags().name()).contains("token");
              assertThat(it.mountTargets()).isEqualTo(1);
            });
      }
      assertThatThrownBy(killed::close).isInstanceOf(FencedException.class);
    }
  }

  private static MetadataStore open(Path directory, MemoryJournal.Log log, StoreResources memory) {
    return MetadataStore.open(directory, new MemoryJournal(log), memory, Clock.system());
  }

  private static Control control(MetadataStore store, ManualLater later) {
    var made =
        new Control(
            new Control.Setup(
                new Account("123456789012", "us-east-1"),
                Network.loopback("us-east-1"),
                Timing.DEFAULT,
                Quotas.DEFAULT,
                new StoredResources(store),
                new FakeDataPlane(),
                MemoryKeys.keyring(),
                later,
                Clock.system(),
                Chance.system()));
    made.start();
    return made;
  }

  private static NewFileSystem wanted(String token) {
    return new NewFileSystem(
        token,
        PerformanceMode.GENERAL_PURPOSE,
        new NewFileSystem.Encryption(false, Optional.empty()),
        Optional.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty(),
        new Tags(Map.of("Name", token)));
  }
}
