package tidefs.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects in several places at once, one for each Availability Zone, the nearest first. Reads come
 * from the first place that has the object whole; writes go to all that are there.
 *
 * <p>What a place has missed is noted in another one, as an object of its own, before the call
 * returns; {@link #repair} makes up for it once the place is back. So an object that was written is
 * in at least one place at once, and in all of them in the end.
 */
public final class MirroredPlace implements ObjectPlace {
  private static final Logger log = LoggerFactory.getLogger(MirroredPlace.class);
  private static final byte[] NOTE = {1};
  private static final String PUT = "missed-put-";
  private static final String REMOVE = "missed-remove-";

  private final List<ObjectPlace> places;
  private final AtomicBoolean behind = new AtomicBoolean(true);

  /** Objects in all of {@code places}, of which there are at least two; closed with this one. */
  public MirroredPlace(List<ObjectPlace> places) {
    this.places = List.copyOf(places);
  }

  /** A call on one place. */
  private interface Call {
    void on(ObjectPlace place);
  }

  /** Does something everywhere, and notes where it could not be done. */
  private void everywhere(Call call, List<String> notes) {
    List<Integer> missed = new ArrayList<>();
    StoreFault last = new StoreFault("no place is there");
    for (int i = 0; i < places.size(); i++) {
      try {
        call.on(places.get(i));
      } catch (StoreFault e) {
        missed.add(i);
        last = e;
      }
    }
    if (missed.size() == places.size()) {
      throw last;
    }
    for (int place : missed) {
      for (String note : notes) {
        note(note + place, missed);
      }
    }
  }

  private void note(String name, List<Integer> away) {
    behind.set(true);
    boolean noted = false;
    for (int i = 0; i < places.size(); i++) {
      if (!away.contains(i)) {
        places.get(i).put(name, NOTE);
        places.get(i).sync(List.of(name));
        noted = true;
      }
    }
    if (!noted) {
      throw new StoreFault("no place is there");
    }
  }

  @Override
  public void put(String name, byte[] bytes) {
    everywhere(place -> place.put(name, bytes), List.of(PUT + name + "-to-"));
  }

  @Override
  public void sync(Collection<String> names) {
    everywhere(
        place -> place.sync(names), names.stream().map(name -> PUT + name + "-to-").toList());
  }

  @Override
  public void remove(String name) {
    everywhere(place -> place.remove(name), List.of(REMOVE + name + "-to-"));
  }

  @Override
  public Optional<byte[]> get(String name) {
    return get(name, bytes -> bytes);
  }

  @Override
  public <T> Optional<T> get(String name, Function<byte[], T> reader) {
    Optional<StoreFault> fault = Optional.empty();
    for (ObjectPlace place : places) {
      try {
        Optional<T> found = place.get(name, reader);
        if (found.isPresent()) {
          return found;
        }
      } catch (StoreFault e) { // Away or damaged: another one may have it.
        fault = fault.or(() -> Optional.of(e));
      }
    }
    if (fault.isPresent()) {
      throw fault.get();
    }
    return Optional.empty();
  }

  /** A copy in a place; the bytes are missing if there is none. */
  private record Copy(ObjectPlace place, Optional<byte[]> bytes, boolean right) {}

  @Override
  public int mend(String name, Function<byte[], ?> reader) {
    List<Copy> copies = new ArrayList<>();
    StoreFault fault = new StoreFault("an object is missing");
    for (ObjectPlace place : places) {
      Optional<byte[]> bytes = Optional.empty();
      try {
        bytes = place.get(name);
        var _ = bytes.map(reader);
        copies.add(new Copy(place, bytes, bytes.isPresent()));
      } catch (StoreFault e) {
        fault = e;
        bytes.ifPresent(damaged -> copies.add(new Copy(place, Optional.of(damaged), false)));
      }
    }
    StoreFault none = fault;
    Copy right = copies.stream().filter(Copy::right).findFirst().orElseThrow(() -> none);
    int mended = 0;
    for (Copy each : copies) {
      if (!each.right() && replace(name, each, right)) {
        mended++;
      }
    }
    return mended;
  }

  /** Puts a copy that is right in the place of one that is not; false if the object has gone. */
  private static boolean replace(String name, Copy wrong, Copy right) {
    wrong.place().put(name, right.bytes().orElseThrow());
    wrong.place().sync(List.of(name));
    if (right.place().get(name).isEmpty()) { // It was removed since: everywhere, then.
      wrong.place().remove(name);
      return false;
    }
    log.atWarn()
        .addKeyValue("object", name)
        .addKeyValue("was", wrong.bytes().isPresent() ? "damaged" : "missing")
        .log("A copy of an object in a cold place was replaced by another one's");
    return true;
  }

  @Override
  public List<String> list(String prefix, String after) {
    StoreFault last = new StoreFault("no place is there");
    for (ObjectPlace place : places) {
      try {
        return place.list(prefix, after);
      } catch (StoreFault e) {
        last = e;
      }
    }
    throw last;
  }

  /**
   * Makes up for what places have missed, as far as they are back.
   *
   * @return how many objects were copied or removed
   */
  public int repair() {
    if (!behind.getAndSet(false)) {
      return 0;
    }
    int done = 0;
    for (ObjectPlace place : places) {
      try {
        done += repairNotes(place, PUT) + repairNotes(place, REMOVE);
      } catch (StoreFault e) {
        behind.set(true);
        log.atDebug().setCause(e).log("A place is still away");
      }
    }
    if (done > 0) {
      log.atInfo().addKeyValue("objects", done).log("A place that was away is whole again");
    }
    return done;
  }

  private int repairNotes(ObjectPlace notes, String kind) {
    int done = 0;
    String after = "";
    List<String> names = notes.list(kind, after);
    while (!names.isEmpty()) {
      for (String name : names) {
        repair(name, kind);
        notes.remove(name);
        done++;
      }
      after = names.getLast();
      names = notes.list(kind, after);
    }
    return done;
  }

  private void repair(String note, String kind) {
    int to = note.lastIndexOf("-to-");
    String name = note.substring(kind.length(), to);
    int number = Integer.parseInt(note.substring(to + 4));
    ObjectPlace place = places.get(number);
    if (kind.equals(REMOVE)) {
      place.remove(name);
      return;
    }
    Optional<byte[]> bytes = Optional.empty();
    for (int i = 0; i < places.size() && bytes.isEmpty(); i++) {
      bytes = i == number ? bytes : places.get(i).get(name);
    }
    if (bytes.isPresent()) { // If not, it was removed since.
      place.put(name, bytes.get());
      place.sync(List.of(name));
    }
  }

  @Override
  public void close() {
    places.forEach(ObjectPlace::close);
  }
}
