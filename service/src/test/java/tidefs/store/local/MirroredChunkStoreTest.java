package tidefs.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Chance;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.ChunkStoreContract;
import tidefs.store.StoreFault;
import tidefs.store.StoreFullFault;
import tidefs.testkit.FaultIo;
import tidefs.testkit.ManualClock;

/** Chunks in two places: one chunk store to whoever uses it, and places that fail and come back. */
final class MirroredChunkStoreTest extends ChunkStoreContract {
  private static final String NEAR = "near";
  private static final String FAR = "far";

  @TempDir private Path directory;
  private final FaultIo io = new FaultIo();
  private final ManualClock clock = new ManualClock();
  private final ChunkResources resources = new ChunkResources(1 << 20);

  @Override
  @AfterEach
  protected void closeStore() {
    io.heal();
    super.closeStore();
    resources.close();
  }

  @Override
  protected ChunkStore open() {
    try {
      Files.createDirectories(directory.resolve(NEAR));
      Files.createDirectories(directory.resolve(FAR));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return open(NEAR, FAR);
  }

  private MirroredChunkStore open(String... places) {
    List<MirrorSite> sites =
        Stream.of(places).map(each -> MirrorSite.in(directory.resolve(each), "fs-1")).toList();
    return MirroredChunkStore.open(
        new MirroredChunkStore.Setup(
            io, directory.resolve("mirror"), resources, clock, Chance.system()),
        sites,
        Optional.empty());
  }

  private MirroredChunkStore mirror() {
    return (MirroredChunkStore) store;
  }

  private List<MirrorStatus.Standing> standings() {
    return mirror().status().stream().map(MirrorStatus::standing).toList();
  }

  /** What a place has at the first bytes of a chunk, as another process sees it. */
  private byte[] at(String place, ChunkId chunk, int count) {
    try (LocalChunkStore own =
        LocalChunkStore.open(
            new NativeFileIo(), directory.resolve(place).resolve("fs-1/chunks"), resources)) {
      ByteBuffer target = ByteBuffer.allocateDirect(count);
      own.read(chunk, 0, target).join();
      byte[] bytes = new byte[count];
      target.get(bytes);
      return bytes;
    }
  }

  private void repair() {
    mirror().repair(_ -> {}, () -> true);
  }

  private static final List<MirrorStatus.Standing> BOTH_WHOLE =
      List.of(MirrorStatus.Standing.WHOLE, MirrorStatus.Standing.WHOLE);

  @Test
  void everythingIsInBothPlaces() {
    write(CHUNK, 0, (byte) 1, (byte) 2);

    assertThat(at(NEAR, CHUNK, 2)).containsExactly(1, 2);
    assertThat(at(FAR, CHUNK, 2)).containsExactly(1, 2);
    assertThat(standings()).isEqualTo(BOTH_WHOLE);
  }

  @Test
  void aPlaceThatFailsIsDoneWithoutAndMadeWholeWhenItIsBack() {
    ChunkId old = new ChunkId(1 << 20, 1, 0);
    write(old, 0, (byte) 9);
    write(CHUNK, 0, (byte) 1);
    io.fail(FAR, FaultIo.Fault.ERROR, FaultIo.Kind.OPEN, FaultIo.Kind.WRITE, FaultIo.Kind.SYNC);
    write(CHUNK, 0, (byte) 2);
    store.remove(old).join();
    store.sync(List.of(CHUNK)).join();
    assertThat(standings())
        .containsExactly(MirrorStatus.Standing.WHOLE, MirrorStatus.Standing.AWAY);
    repair();
    assertThat(standings().getLast()).isEqualTo(MirrorStatus.Standing.AWAY);
    io.heal();
    repair();

    assertThat(standings()).isEqualTo(BOTH_WHOLE);
    assertThat(at(FAR, CHUNK, 1)).containsExactly(2);
    assertThat(at(FAR, old, 1)).containsExactly(0);
  }

  @Test
  void theFarPlaceAnswersWhileTheNearOneIsAway() {
    write(CHUNK, 0, (byte) 1);
    io.fail(NEAR, FaultIo.Fault.ERROR, FaultIo.Kind.READ, FaultIo.Kind.OPEN);
    assertThat(read(CHUNK, 0, 1)).containsExactly(1);
    write(CHUNK, 0, (byte) 2);
    assertThat(read(CHUNK, 0, 1)).containsExactly(2);
    io.heal();
    repair();

    assertThat(standings()).isEqualTo(BOTH_WHOLE);
    assertThat(at(NEAR, CHUNK, 1)).containsExactly(2);
  }

  @Test
  void aPlaceThatWasAwayDoesNotAnswerForTheOtherOneInAnotherProcess() {
    write(CHUNK, 0, (byte) 1);
    io.fail(FAR, FaultIo.Fault.ERROR, FaultIo.Kind.WRITE);
    write(CHUNK, 0, (byte) 2);
    store.sync(List.of(CHUNK)).join();
    store.close();
    io.fail(NEAR, FaultIo.Fault.ERROR, FaultIo.Kind.OPEN);

    assertThatThrownBy(() -> open(NEAR, FAR))
        .isInstanceOf(StoreFault.class)
        .hasMessageContaining("no place that has all contents");
    io.heal();
    store = open(NEAR, FAR);
    assertThat(read(CHUNK, 0, 1)).containsExactly(2);
  }

  @Test
  void aDiskThatIsNotMountedIsNotTakenForAnEmptyPlace() throws IOException {
    write(CHUNK, 0, (byte) 1);
    store.close();
    Files.move(directory.resolve(FAR), directory.resolve("unmounted"));
    Files.createDirectories(directory.resolve(FAR));
    store = open(NEAR, FAR);
    write(CHUNK, 0, (byte) 2);
    repair();
    assertThat(standings().getLast()).isEqualTo(MirrorStatus.Standing.AWAY);
    assertThat(directory.resolve(FAR)).isEmptyDirectory();
    Files.delete(directory.resolve(FAR));
    Files.move(directory.resolve("unmounted"), directory.resolve(FAR));
    repair();

    assertThat(standings()).isEqualTo(BOTH_WHOLE);
    assertThat(at(FAR, CHUNK, 1)).containsExactly(2);
  }

  @Test
  void aNewDiskIsFilledOnceItIsDeclaredNew() throws IOException {
    write(CHUNK, 0, (byte) 1);
    store.close();
    Files.move(directory.resolve(FAR), directory.resolve("broken"));
    Files.createDirectories(directory.resolve(FAR));
    store = open(NEAR, FAR);
    Files.createFile(directory.resolve(FAR).resolve("new-place"));
    repair();

    assertThat(standings()).isEqualTo(BOTH_WHOLE);
    assertThat(at(FAR, CHUNK, 1)).containsExactly(1);
  }

  @Test
  void aPlaceThatIsAddedIsFilledAndOneThatIsTakenOutIsForgotten() throws IOException {
    Files.createDirectories(directory.resolve("third"));
    write(CHUNK, 0, (byte) 1);
    store.close();
    store = open(NEAR, "third");
    assertThat(standings())
        .containsExactly(MirrorStatus.Standing.WHOLE, MirrorStatus.Standing.CATCHING_UP);
    repair();
    assertThat(at("third", CHUNK, 1)).containsExactly(1);
    store.close();

    store = open("third", FAR);
    write(CHUNK, 0, (byte) 3);
    repair();
    assertThat(at(FAR, CHUNK, 1)).containsExactly(3);
    store.close();
    assertThatThrownBy(() -> open(NEAR))
        .isInstanceOf(StoreFault.class)
        .hasMessageContaining("third");
    store = open("third", FAR);
  }

  @Test
  void anOpeningThatFailsForgetsNothing() throws IOException {
    write(CHUNK, 0, (byte) 1);
    store.close();
    Files.createDirectories(directory.resolve("third"));
    Files.move(directory.resolve(NEAR), directory.resolve("away"));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> open(NEAR, "third"))
          .isInstanceOf(StoreFault.class)
          .hasMessageContaining("no place that has all contents");
    }
    Files.move(directory.resolve("away"), directory.resolve(NEAR));
    store = open(NEAR, "third");
    repair();
    assertThat(standings()).isEqualTo(BOTH_WHOLE);
    assertThat(at("third", CHUNK, 1)).containsExactly(1);
  }

  @Test
  void aPlaceThatComesLateIsTakenWhenItIsThere() throws IOException {
    write(CHUNK, 0, (byte) 1);
    store.close();
    store = open(NEAR, "late");
    repair();
    assertThat(standings().getLast()).isEqualTo(MirrorStatus.Standing.AWAY);
    Files.createDirectories(directory.resolve("late"));
    repair();
    assertThat(standings()).isEqualTo(BOTH_WHOLE);
    assertThat(at("late", CHUNK, 1)).containsExactly(1);
  }

  @Test
  void twoProcessesDoNotUseAPlaceAtTheSameTime() {
    write(CHUNK, 0, (byte) 1);
    assertThatThrownBy(() -> open(NEAR, FAR)).isInstanceOf(StoreFault.class);
    assertThat(read(CHUNK, 0, 1)).containsExactly(1);
  }

  @Test
  void withoutAWholePlaceNothingIsAcknowledged() {
    write(CHUNK, 0, (byte) 1);
    io.fail("fs-1", FaultIo.Fault.ERROR, FaultIo.Kind.WRITE);
    assertThatThrownBy(() -> write(CHUNK, 0, (byte) 2)).hasCauseInstanceOf(StoreFault.class);
    assertThat(standings()).isEqualTo(BOTH_WHOLE);
    io.heal();
    assertThat(read(CHUNK, 0, 1)).containsExactly(1);
  }

  @Test
  void aFullPlaceIsBehindAndTwoFullOnesAreNoSpace() {
    write(CHUNK, 0, (byte) 1);
    io.fail("fs-1", FaultIo.Fault.FULL, FaultIo.Kind.GROW);
    assertThatThrownBy(() -> write(CHUNK, 0, (byte) 2, (byte) 3))
        .hasCauseInstanceOf(StoreFullFault.class);
    assertThat(standings()).isEqualTo(BOTH_WHOLE);
    io.fail("far/fs-1", FaultIo.Fault.FULL, FaultIo.Kind.GROW);
    write(CHUNK, 0, (byte) 4, (byte) 5);
    assertThat(standings().getLast()).isEqualTo(MirrorStatus.Standing.AWAY);
    io.heal();
    repair();

    assertThat(standings()).isEqualTo(BOTH_WHOLE);
    assertThat(at(FAR, CHUNK, 2)).containsExactly(4, 5);
  }

  @Test
  void writesGoOnWhileAPlaceCatchesUp() {
    for (int i = 0; i < 50; i++) {
      write(new ChunkId(i << 7, 1, 0), 0, (byte) 1);
    }
    io.fail(FAR, FaultIo.Fault.ERROR, FaultIo.Kind.WRITE);
    for (int i = 0; i < 50; i++) {
      write(new ChunkId(i << 7, 1, 0), 0, (byte) 2);
    }
    io.heal();
    int[] calls = new int[1];
    mirror()
        .repair(
            _ -> {
              calls[0]++;
              write(new ChunkId((calls[0] * 7 % 50) << 7, 1, 0), 1, (byte) 3);
            },
            () -> true);

    assertThat(calls[0]).isGreaterThanOrEqualTo(50);
    assertThat(standings()).isEqualTo(BOTH_WHOLE);
    for (int i = 0; i < 50; i++) {
      ChunkId chunk = new ChunkId(i << 7, 1, 0);
      assertThat(at(FAR, chunk, 2)).isEqualTo(at(NEAR, chunk, 2));
    }
  }

  @Test
  void doubtsEndWhenAllIsDurableEverywhereAndAtAGoodClose() {
    write(CHUNK, 0, (byte) 1);
    assertThat(mirror().doubtfulParts()).isEqualTo(1);
    mirror().tend();
    assertThat(mirror().doubtfulParts()).isEqualTo(1);
    clock.advance(Duration.ofMinutes(1));
    mirror().tend();
    assertThat(mirror().doubtfulParts()).isZero();
    write(CHUNK, 0, (byte) 2);
    assertThat(mirror().doubtfulParts()).isEqualTo(1);
    store.close();
    store = open(NEAR, FAR);
    assertThat(mirror().doubtfulParts()).isZero();
  }

  @Test
  void doubtsStayWhileAPlaceIsAway() {
    io.fail(FAR, FaultIo.Fault.ERROR, FaultIo.Kind.OPEN);
    write(CHUNK, 0, (byte) 1);
    clock.advance(Duration.ofMinutes(1));
    mirror().tend();
    assertThat(mirror().doubtfulParts()).isEqualTo(1);
    io.heal();
    repair();
    mirror().tend();
    assertThat(mirror().doubtfulParts()).isZero();
    assertThat(at(FAR, CHUNK, 1)).containsExactly(1);
  }

  @Test
  void aDifferenceIsFound() {
    write(CHUNK, 0, (byte) 1);
    write(new ChunkId(8, 1, 0), 0, (byte) 1);
    assertThat(differences()).isEmpty();
    try (LocalChunkStore own =
        LocalChunkStore.open(
            new NativeFileIo(), directory.resolve(FAR).resolve("fs-1/chunks"), resources)) {
      own.write(CHUNK, 0, direct((byte) 7)).join();
    }
    assertThat(differences()).containsExactly(CHUNK);
  }

  private List<ChunkId> differences() {
    List<ChunkId> found = new ArrayList<>();
    mirror().compare(_ -> {}, () -> true, (chunk, _) -> found.add(chunk));
    return found;
  }
}
