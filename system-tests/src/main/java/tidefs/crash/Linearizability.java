package tidefs.crash;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.Status;

/**
 * Checks that a history is linearizable: that each call can be thought to have been done in one
 * instant between its begin and its end, so that all answers are those of a plain directory.
 *
 * <p>The search of Wing and Gong, done as the history goes (Lowe, "Testing for linearizability"):
 * it keeps every state that the directory may be in, with the calls that are done in it but not
 * answered yet. A call has to be done when its answer comes: whatever is under way may be done
 * before it, in any order. States that the answers contradict fall away, so few are left at any
 * time, however long the history. A call that the death of the server left without an answer was
 * done before that, or never.
 *
 * <p>A file without a name may be stale or, while its maker has not closed it, still there: answers
 * about its contents are not judged.
 */
final class Linearizability {
  private static final int MOST_STATES = 200_000;

  private Set<Config> configs = new LinkedHashSet<>();
  private final Set<History.Call> underWay = new LinkedHashSet<>();

  /** What names lead to (0 for nothing), and what named files contain. */
  private record State(List<Long> names, Map<Long, Long> contents) {}

  private record Config(State state, Set<History.Call> done) {}

  private Linearizability(int names) {
    List<Long> empty = new ArrayList<>();
    for (int i = 0; i < names; i++) {
      empty.add(0L);
    }
    configs.add(new Config(new State(List.copyOf(empty), Map.of()), Set.of()));
  }

  /**
   * What is wrong with the history of a directory that was empty, with {@code names} names; empty
   * if it is linearizable.
   */
  static Optional<String> violation(History history, int names) {
    Linearizability search = new Linearizability(names);
    List<History.Event> events = history.events();
    for (int i = 0; i < events.size(); i++) {
      History.Call call = events.get(i).call();
      Set<Config> before = search.configs;
      if (call == null) {
        search.died();
      } else if (events.get(i).begins()) {
        search.underWay.add(call);
      } else {
        search.ended(call);
      }
      if (search.configs.isEmpty()) {
        return Optional.of(
            "event %d of %d: %s is impossible in any of %s with %s under way"
                .formatted(i, events.size(), call, before, search.underWay));
      }
      if (search.configs.size() > MOST_STATES) {
        return Optional.of("event " + i + ": too many states to tell");
      }
    }
    return Optional.empty();
  }

  private void ended(History.Call call) {
    Set<Config> next = new LinkedHashSet<>();
    for (Config each : reachable(call)) {
      if (each.done().contains(call)) {
        next.add(new Config(each.state(), without(each.done(), call)));
      }
    }
    underWay.remove(call);
    configs = next;
  }

  private void died() {
    Set<Config> next = new LinkedHashSet<>();
    for (Config each : reachable(null)) {
      next.add(new Config(each.state(), Set.of()));
    }
    underWay.clear();
    configs = next;
  }

  /** Every state there can be after some of what is under way was done, until {@code last} is. */
  private Set<Config> reachable(History.@Nullable Call last) {
    Set<Config> seen = new LinkedHashSet<>(configs);
    ArrayDeque<Config> open = new ArrayDeque<>(configs);
    while (!open.isEmpty()) {
      Config config = open.poll();
      if (last != null && config.done().contains(last)) {
        continue; // What is done after it can wait.
      }
      for (History.Call call : underWay) {
        if (!config.done().contains(call)) {
          State after = after(config.state(), call);
          if (after != null) {
            Set<History.Call> done = new HashSet<>(config.done());
            done.add(call);
            Config next = new Config(after, Set.copyOf(done));
            if (seen.add(next)) {
              open.add(next);
            }
          }
        }
      }
    }
    return seen;
  }

  private static Set<History.Call> without(Set<History.Call> calls, History.Call gone) {
    Set<History.Call> rest = new HashSet<>(calls);
    rest.remove(gone);
    return Set.copyOf(rest);
  }

  /** The state after a call, null if its answer is not the one that it gets here. */
  private static @Nullable State after(State state, History.Call call) {
    return switch (call.kind) {
      case CREATE -> created(state, call);
      case REMOVE -> removed(state, call);
      case RENAME -> renamed(state, call);
      case LINK -> linked(state, call);
      case LOOKUP -> lookedUp(state, call);
      case WRITE -> written(state, call);
      case READ -> read(state, call);
    };
  }

  private static long named(State state, History.Call call) {
    return state.names().get(call.name);
  }

  private static @Nullable State created(State state, History.Call call) {
    if (named(state, call) != 0) {
      return answers(call, Status.EXIST) ? state : null;
    }
    long made = call.answer == null ? call.value : call.answer.file();
    return answers(call, Status.OK) ? set(state, call.name, made, 0L) : null;
  }

  private static @Nullable State removed(State state, History.Call call) {
    if (named(state, call) == 0) {
      return answers(call, Status.NOENT) ? state : null;
    }
    return answers(call, Status.OK) ? set(state, call.name, 0, null) : null;
  }

  private static @Nullable State renamed(State state, History.Call call) {
    long named = named(state, call);
    if (named == 0) {
      return answers(call, Status.NOENT) ? state : null;
    }
    return answers(call, Status.OK) ? moved(state, call, named) : null;
  }

  private static @Nullable State linked(State state, History.Call call) {
    boolean taken = named(state, call) != 0;
    boolean gone = !state.names().contains(call.file);
    if (gone) {
      return answers(call, Status.STALE)
              || answers(call, Status.NOENT)
              || (taken && answers(call, Status.EXIST))
          ? state
          : null;
    }
    if (taken) {
      return answers(call, Status.EXIST) ? state : null;
    }
    return answers(call, Status.OK) ? set(state, call.name, call.file, null) : null;
  }

  private static @Nullable State lookedUp(State state, History.Call call) {
    long named = named(state, call);
    History.Answer answer = call.answer;
    if (answer != null && named < 0 && answer.status() == Status.OK) {
      return met(state, named, answer.file());
    }
    boolean fits =
        answer == null
            || (named == 0
                ? answer.status() == Status.NOENT
                : answer.status() == Status.OK && answer.file() == named);
    return fits ? state : null;
  }

  private static @Nullable State written(State state, History.Call call) {
    if (!state.names().contains(call.file)) {
      return state;
    }
    return answers(call, Status.OK) ? wrote(state, call.file, call.value) : null;
  }

  private static @Nullable State read(State state, History.Call call) {
    History.Answer answer = call.answer;
    boolean fits =
        answer == null
            || !state.names().contains(call.file)
            || (answer.status() == Status.OK
                && answer.value() == state.contents().getOrDefault(call.file, 0L));
    return fits ? state : null;
  }

  /** A file whose maker was never told of it is met for the first time. */
  private static @Nullable State met(State state, long unknown, long file) {
    if (state.names().contains(file)) {
      return null;
    }
    List<Long> names = new ArrayList<>(state.names());
    names.replaceAll(each -> each == unknown ? (Long) file : each);
    Map<Long, Long> contents = new HashMap<>(state.contents());
    contents.put(file, 0L);
    return of(names, contents);
  }

  private static boolean answers(History.Call call, Status status) {
    return call.answer == null || call.answer.status() == status;
  }

  private static State moved(State state, History.Call call, long named) {
    if (state.names().get(call.other) == named) {
      return state; // Two names of one file: nothing happens.
    }
    List<Long> names = new ArrayList<>(state.names());
    names.set(call.name, 0L);
    names.set(call.other, named);
    return of(names, state.contents());
  }

  private static State set(State state, int name, long file, @Nullable Long value) {
    List<Long> names = new ArrayList<>(state.names());
    names.set(name, file);
    Map<Long, Long> contents = new HashMap<>(state.contents());
    if (value != null) {
      contents.put(file, value);
    }
    return of(names, contents);
  }

  private static State wrote(State state, long file, long value) {
    Map<Long, Long> contents = new HashMap<>(state.contents());
    contents.put(file, value);
    return of(state.names(), contents);
  }

  private static State of(List<Long> names, Map<Long, Long> contents) {
    Map<Long, Long> named = new HashMap<>(contents);
    named.keySet().retainAll(names);
    return new State(List.copyOf(names), Map.copyOf(named));
  }
}
