package tidefs.store.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Chance;
import tidefs.store.StoreFault;

/**
 * The places of a mirror: which are there, and which hold everything. Whatever makes a place less
 * than whole is durable before anybody may rely on the others alone.
 */
@SuppressWarnings("ReferenceEquality") // Each place is one of its kind.
final class MirrorTable implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MirrorTable.class);
  private static final int MARK_BYTES = 16;

  private final Setup setup;
  private final List<Place> places;
  private final List<Runnable> retired = new ArrayList<>();
  private volatile List<Active> active = List.of();

  /** What a mirror works with; {@code markAll} says durably that all buckets may differ. */
  record Setup(FileIo io, Path home, ChunkResources resources, Chance chance, Runnable markAll) {}

  /** A place that takes changes; the first whole one answers reads. */
  record Active(LocalChunkStore store, boolean whole, MirrorSite site) {}

  /** A place. Guarded by the table. */
  private static final class Place {
    private final MirrorSite site;
    private String mark;
    private boolean whole;
    private @Nullable LocalChunkStore store;
    private int lock = FileIo.ABSENT;

    Place(MirrorSite site, String mark, boolean whole) {
      this.site = site;
      this.mark = mark;
      this.whole = whole;
    }
  }

  private MirrorTable(Setup setup, List<Place> places) {
    this.setup = setup;
    this.places = places;
  }

  /**
   * Opens the places at {@code sites}, the nearest first.
   *
   * @param legacy the folder in which all contents are if there is no record yet; empty if there
   *     are none
   * @param doubts whether places may differ that are whole by the record
   * @throws StoreFault if none that is whole is there
   */
  static MirrorTable open(
      Setup setup, List<MirrorSite> sites, Optional<MirrorSite> legacy, boolean doubts) {
    Optional<MirrorRecord> record = MirrorRecord.load(setup.io(), setup.home());
    MirrorTable table = new MirrorTable(setup, new ArrayList<>());
    if (record.isPresent()) {
      table.adopt(sites, record.get());
    } else {
      table.begin(sites, legacy);
    }
    table.openPlaces(doubts);
    return table;
  }

  /** Takes the places as they were recorded, and new ones as behind. */
  private void adopt(List<MirrorSite> sites, MirrorRecord record) {
    for (MirrorSite site : sites) {
      Optional<String> mark = mark(site);
      record.members().stream()
          .filter(each -> mark.isPresent() && each.mark().equals(mark.get()))
          .findFirst()
          .or(() ->
              record.members().stream()
                  .filter(each -> each.folder().equals(site.folder()))
                  .findFirst())
          .ifPresentOrElse(
              known -> places.add(new Place(site, known.mark(), known.whole())),
              () -> places.add(new Place(site, "", false)));
    }
    if (places.stream().noneMatch(each -> each.whole)) {
      throw new StoreFault(
          "the places that are configured do not have its contents, which are in "
              + record.members().stream()
                  .filter(MirrorRecord.Member::whole)
                  .map(each -> each.folder().toString())
                  .toList());
    }
  }

  private void begin(List<MirrorSite> sites, Optional<MirrorSite> legacy) {
    if (legacy.isPresent() && !sites.contains(legacy.get())) {
      throw new StoreFault(
          "its contents are in " + legacy.get().folder() + ", which is none of its places");
    }
    for (MirrorSite site : sites) {
      Place place = new Place(site, "", false);
      places.add(place);
      boolean origin = legacy.isEmpty() || legacy.get().equals(site);
      place.whole = origin && form(place, () -> {}) && (legacy.isPresent() || isEmpty(site));
    }
    if (places.stream().noneMatch(each -> each.whole)) {
      throw new StoreFault("none of the places of the file system is there");
    }
    if (legacy.isPresent() || places.stream().anyMatch(each -> !each.whole)) {
      setup.markAll().run();
    }
  }

  private boolean isEmpty(MirrorSite site) {
    FileIo io = setup.io();
    return !io.syncDirectoryIfThere(site.chunks()) || io.list(site.chunks()).isEmpty();
  }

  /**
   * Makes a folder for the file system with a mark of its own; false if the place is not there.
   *
   * @param named what to do once the mark is known, and before it is there
   */
  private boolean form(Place place, Runnable named) {
    MirrorSite site = place.site;
    FileIo io = setup.io();
    try {
      if (!io.syncDirectoryIfThere(site.place())) {
        return false;
      }
      io.createDirectory(site.folder());
      io.syncDirectory(site.place());
      byte[] random = new byte[MARK_BYTES];
      setup.chance().fill(random);
      place.mark = HexFormat.of().formatHex(random);
      named.run();
      MirrorRecord.replace(io, site.folder(), site.mark().getFileName().toString(), place.mark);
      return true;
    } catch (StoreFault e) {
      log.atWarn().addKeyValue("place", site.place()).setCause(e).log("A place cannot be used");
      return false;
    }
  }

  private Optional<String> mark(MirrorSite site) {
    try {
      return MirrorRecord.text(setup.io(), site.mark());
    } catch (StoreFault e) {
      return Optional.empty(); // It is away.
    }
  }

  private synchronized void openPlaces(boolean doubts) {
    for (Place each : places) {
      var _ = tryOpen(each);
    }
    if (places.stream().noneMatch(each -> each.whole && each.store != null)) {
      closeStores(); // The record still says which one has all.
      throw new StoreFault("no place that has all contents of the file system is there");
    }
    boolean found = false;
    for (Place each : places) {
      // What is away misses what is written from now on; what is there may differ from the first
      // one, which will be read.
      each.whole &= each.store != null && !(doubts && found);
      found |= each.whole;
    }
    save();
    refresh();
  }

  /** Opens a place that is there and is the one it should be, or may become so. */
  private boolean tryOpen(Place place) {
    try {
      Optional<String> found = mark(place.site);
      boolean fresh =
          found.isEmpty()
              && isThere(place.site.declaredNew())
              && places.stream().anyMatch(each -> each.whole && each != place);
      if (fresh || place.mark.isEmpty()) {
        place.whole = false;
        Runnable renamed =
            () -> {
              setup.markAll().run();
              save(); // Or a crash would leave a mark that nobody knows.
            };
        return form(place, renamed) && open(place);
      }
      return found.isPresent() && found.get().equals(place.mark) && open(place);
    } catch (StoreFault e) {
      log.atDebug().setCause(e).log("A place is away");
      return false;
    }
  }

  private boolean open(Place place) {
    FileIo io = setup.io();
    int lock = io.open(place.site.mark());
    if (!io.lock(lock)) {
      io.close(lock);
      log.atError().addKeyValue("place", place.site.place()).log("Another process uses a place");
      return false;
    }
    try {
      place.store = LocalChunkStore.open(io, place.site.chunks(), setup.resources());
      place.lock = lock;
      return true;
    } catch (StoreFault e) {
      io.close(lock);
      throw e;
    }
  }

  private boolean isThere(Path path) {
    int file = setup.io().open(path);
    if (file == FileIo.ABSENT) {
      return false;
    }
    setup.io().close(file);
    return true;
  }

  /** The places that take changes. */
  List<Active> active() {
    return active;
  }

  /** The place that is read; there is always one. */
  Active primary() {
    for (Active each : active) {
      if (each.whole()) {
        return each;
      }
    }
    throw new StoreFault("no place is whole");
  }

  /** Whether all places are there and have everything. */
  boolean allWhole() {
    List<Active> now = active;
    return now.size() == places.size() && now.stream().allMatch(Active::whole);
  }

  /**
   * A place has failed: it is behind from now on, durably on return.
   *
   * @return false if no other place has everything; then nothing is changed
   */
  synchronized boolean fail(Active failed, Throwable cause) {
    Place place = place(failed.site());
    boolean elsewhere = active.stream().anyMatch(each -> each.whole() && !isSame(each, failed));
    if (place.store != failed.store()) {
      return elsewhere; // It was known already, and the place may have come back since.
    }
    if (!elsewhere) {
      return false;
    }
    if (place.whole) {
      whole(place, false);
    }
    retire(place);
    refresh();
    log.atError()
        .addKeyValue("place", failed.site().place())
        .addKeyValue("folder", failed.site().folder())
        .setCause(cause)
        .log("A place of a file system has failed: its contents are in the others alone");
    return true;
  }

  /** Lets places that are back take changes again. They are behind. */
  synchronized void revive() {
    closeRetired();
    for (Place each : places) {
      if (each.store == null && tryOpen(each)) {
        save();
        log.atInfo().addKeyValue("place", each.site.place()).log("A place is back, and catches up");
      }
    }
    refresh();
  }

  /** A place that took changes ever since has caught up; false if it has failed meanwhile. */
  synchronized boolean caughtUp(Active place) {
    Place found = place(place.site());
    if (found.store != place.store()) {
      return false;
    }
    whole(found, true);
    refresh();
    log.atInfo().addKeyValue("place", place.site().place()).log("A place is whole again");
    return true;
  }

  /** Where each place stands. */
  synchronized List<MirrorStatus> status() {
    return places.stream()
        .map(each ->
            new MirrorStatus(
                each.site.place(),
                each.store == null
                    ? MirrorStatus.Standing.AWAY
                    : each.whole ? MirrorStatus.Standing.WHOLE : MirrorStatus.Standing.CATCHING_UP))
        .toList();
  }

  private static boolean isSame(Active one, Active other) {
    return one.site().equals(other.site());
  }

  private void whole(Place place, boolean now) {
    boolean before = place.whole;
    place.whole = now;
    try {
      save();
    } catch (StoreFault e) {
      place.whole = before;
      throw e;
    }
  }

  private void retire(Place place) {
    LocalChunkStore store = place.store;
    int lock = place.lock;
    place.store = null;
    place.lock = FileIo.ABSENT;
    if (store != null) {
      retired.add(() -> {
        store.close();
        setup.io().close(lock);
      });
    }
  }

  private Place place(MirrorSite site) {
    return places.stream().filter(each -> each.site.equals(site)).findFirst().orElseThrow();
  }

  private void save() {
    List<MirrorRecord.Member> members = new ArrayList<>();
    for (Place each : places) {
      members.add(new MirrorRecord.Member(each.mark, each.whole, each.site.folder()));
    }
    new MirrorRecord(members).save(setup.io(), setup.home());
  }

  private void refresh() {
    List<Active> now = new ArrayList<>();
    for (Place each : places) {
      LocalChunkStore store = each.store;
      if (store != null) {
        now.add(new Active(store, each.whole, each.site));
      }
    }
    active = List.copyOf(now);
  }

  private void closeStores() {
    places.forEach(this::retire);
    closeRetired();
  }

  private void closeRetired() {
    retired.forEach(Runnable::run);
    retired.clear();
  }

  @Override
  public synchronized void close() {
    closeStores();
  }
}
