package tidefs.control.alarm;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;
import tidefs.control.alarm.AlarmRefusal.Reason;
import tidefs.control.alarm.Evaluation.Point;
import tidefs.control.alarm.Evaluation.Verdict;
import tidefs.metrics.KeyValueStore;
import tidefs.metrics.KeyValueStore.Change;
import tidefs.metrics.MetricArchive;
import tidefs.metrics.query.DataQueries;
import tidefs.metrics.query.DataQuery.Source.OfMetric;
import tidefs.metrics.query.QueryException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * All alarms. They are evaluated once a minute, when a minute's points are there; those that look
 * at more than a day, once an hour; those of high resolution, every ten seconds. For concurrent
 * use.
 */
public final class Alarms {
  private static final Logger log = LoggerFactory.getLogger(Alarms.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte KIND = 'a';
  private static final int TEN_SECONDS = 10;
  private static final int MINUTE_SECONDS = 60;
  private static final int HOUR_SECONDS = 3_600;
  private static final int DAY_SECONDS = 86_400;

  private final MetricArchive archive;
  private final KeyValueStore store;
  private final AlarmPlace place;
  private final AlarmActions actions;
  private final Clock clock;
  private final AlarmHistory history;
  private final NavigableMap<String, Alarm> alarms = new ConcurrentSkipListMap<>();
  private final ReentrantLock changing = new ReentrantLock();

  /** The alarms in {@code store}, where keys that begin with a and h are theirs. */
  public Alarms(
      MetricArchive archive,
      KeyValueStore store,
      AlarmPlace place,
      AlarmActions actions,
      Clock clock) {
    this.archive = archive;
    this.store = store;
    this.place = place;
    this.actions = actions;
    this.clock = clock;
    history = new AlarmHistory(store);
    store.scan(
        new byte[] {KIND},
        new byte[] {KIND + 1},
        (_, value) -> {
          Alarm alarm = AlarmCodec.decode(value);
          alarms.put(alarm.name(), alarm);
        });
  }

  /** All alarms by name, as they are now. */
  public NavigableMap<String, Alarm> all() {
    return new TreeMap<>((Map<String, Alarm>) alarms);
  }

  /** What happened to them. */
  public AlarmHistory history() {
    return history;
  }

  /** Whose alarms these are, and where. */
  public AlarmPlace place() {
    return place;
  }

  /**
   * Creates an alarm, or gives one that exists another configuration; it keeps its state and its
   * tags. It is evaluated at once.
   */
  public void put(AlarmConfiguration configuration, Map<String, String> tags) throws AlarmRefusal {
    changing.lock();
    try {
      Instant now = clock.now();
      Alarm before = alarms.get(configuration.name());
      if (before == null && alarms.size() >= AlarmLimits.ALARMS) {
        throw new AlarmRefusal(
            Reason.LIMIT_EXCEEDED, "You have reached the limit of " + AlarmLimits.ALARMS);
      }
      Alarm after =
          before == null
              ? Alarm.created(configuration, tags, now)
              : before.with(configuration, now);
      note(
          after,
          HistoryItem.Type.CONFIGURATION_UPDATE,
          "Alarm \"" + after.name() + "\" " + (before == null ? "created" : "updated"),
          JSON.createObjectNode()
              .put("version", "1.0")
              .put("type", before == null ? "Create" : "Update"));
    } finally {
      changing.unlock();
    }
    evaluate(configuration.name());
  }

  /** Deletes alarms; those that do not exist are passed over and told at the end. */
  public void delete(List<String> names) throws AlarmRefusal {
    List<String> unknown = new ArrayList<>();
    changing.lock();
    try {
      for (String name : names) {
        Alarm alarm = alarms.remove(name);
        if (alarm == null) {
          unknown.add(name);
          continue;
        }
        List<Change> changes = new ArrayList<>();
        changes.add(new Change(key(name), null));
        changes.addAll(
            history.add(
                new HistoryItem(
                    name,
                    clock.now(),
                    HistoryItem.Type.CONFIGURATION_UPDATE,
                    "Alarm \"" + name + "\" deleted",
                    "{\"version\":\"1.0\",\"type\":\"Delete\"}")));
        store.applyDurably(changes);
      }
    } finally {
      changing.unlock();
    }
    if (!unknown.isEmpty()) {
      throw new AlarmRefusal(Reason.NOT_FOUND, "Alarms not found: " + unknown);
    }
  }

  /** Sets the state of an alarm until its next evaluation finds another. */
  public void setState(String name, AlarmState state, String reason, String reasonData)
      throws AlarmRefusal {
    changing.lock();
    try {
      become(existing(name), state, reason, reasonData);
    } finally {
      changing.unlock();
    }
  }

  /** Enables or disables the actions of alarms; names that do not exist are passed over. */
  public void enableActions(List<String> names, boolean enabled) {
    changing.lock();
    try {
      for (String name : names) {
        Alarm alarm = alarms.get(name);
        if (alarm == null || alarm.configuration().actions().enabled() == enabled) {
          continue;
        }
        Alarm after = alarm.with(alarm.configuration().withActionsEnabled(enabled), clock.now());
        note(
            after,
            HistoryItem.Type.CONFIGURATION_UPDATE,
            "Alarm \"" + name + "\" updated",
            JSON.createObjectNode().put("version", "1.0").put("type", "Update"));
      }
    } finally {
      changing.unlock();
    }
  }

  /** Changes the tags of an alarm. */
  public void tag(String name, UnaryOperator<Map<String, String>> change) throws AlarmRefusal {
    changing.lock();
    try {
      Alarm alarm = existing(name);
      Alarm after = alarm.with(change.apply(new TreeMap<>(alarm.tags())));
      if (after.tags().size() > AlarmLimits.TAGS) {
        throw new AlarmRefusal(
            Reason.LIMIT_EXCEEDED, "An alarm has at most " + AlarmLimits.TAGS + " tags");
      }
      alarms.put(name, after);
      store.applyDurably(List.of(new Change(key(name), AlarmCodec.encode(after))));
    } finally {
      changing.unlock();
    }
  }

  /** Evaluates alarms of high resolution. To be called every ten seconds. */
  public void tickHighResolution() {
    for (Alarm alarm : alarms.values()) {
      if (alarm.configuration().isHighResolution()) {
        evaluate(alarm.name());
      }
    }
  }

  /** Evaluates all other alarms whose time it is. To be called when a minute's points are there. */
  public void tick() {
    long minute = Math.floorDiv(clock.now().getEpochSecond(), MINUTE_SECONDS);
    for (Alarm alarm : alarms.values()) {
      boolean hourly = seconds(alarm.configuration()) > DAY_SECONDS;
      if (alarm.configuration().isHighResolution()) {
        continue;
      }
      if (!hourly || minute % (HOUR_SECONDS / MINUTE_SECONDS) == 0) {
        evaluate(alarm.name());
      }
    }
  }

  private static long seconds(AlarmConfiguration configuration) {
    return (long) configuration.periodSeconds() * configuration.rule().evaluationPeriods();
  }

  private Alarm existing(String name) throws AlarmRefusal {
    Alarm alarm = alarms.get(name);
    if (alarm == null) {
      throw new AlarmRefusal(Reason.NOT_FOUND, "The alarm '" + name + "' does not exist");
    }
    return alarm;
  }

  private void evaluate(String name) {
    changing.lock();
    try {
      Alarm alarm = alarms.get(name);
      if (alarm == null) {
        return;
      }
      Instant now = clock.now();
      AlarmConfiguration configuration = alarm.configuration();
      Verdict verdict = Evaluation.of(configuration.rule(), slots(configuration, now));
      Optional<AlarmState> state = verdict.state();
      if (hasTooFewSamples(configuration, verdict)) {
        return;
      }
      if (state.isPresent() && state.get() != alarm.state()) {
        String reason = Reasons.text(configuration.rule(), verdict, state.get());
        become(alarm, state.get(), reason, Reasons.data(configuration, verdict, now));
      }
    } catch (QueryException e) {
      log.atWarn()
          .addKeyValue("alarm", name)
          .addKeyValue("reason", e.message())
          .log("Alarm could not be evaluated");
    } finally {
      changing.unlock();
    }
  }

  /** Whether the verdict rests on a percentile of too few samples, which is to be ignored. */
  private boolean hasTooFewSamples(AlarmConfiguration configuration, Verdict verdict) {
    Optional<OfMetric> metric = configuration.distrusted();
    return metric.isPresent()
        && verdict.decisive().stream()
            .map(Point::epochSecond)
            .anyMatch(time -> isLowSampleCount(metric.get(), time));
  }

  private boolean isLowSampleCount(OfMetric metric, long time) {
    return archive
        .read(
            metric.metric(),
            metric.unit(),
            time,
            time + metric.periodSeconds(),
            metric.periodSeconds())
        .values()
        .stream()
        .anyMatch(set -> metric.statistic().isLowSampleCount(set.sampleCount()));
  }

  /** The periods that are looked at, the oldest first. */
  private List<Optional<Point>> slots(AlarmConfiguration configuration, Instant now)
      throws QueryException {
    int period = configuration.periodSeconds();
    int count = configuration.rule().evaluationPeriods() + Evaluation.MORE_PERIODS;
    int step =
        seconds(configuration) > DAY_SECONDS
            ? HOUR_SECONDS
            : configuration.isHighResolution() ? TEN_SECONDS : MINUTE_SECONDS;
    long end = now.getEpochSecond() - Math.floorMod(now.getEpochSecond(), step);
    long start = end - (long) count * period;
    var answers =
        new DataQueries(configuration.queries())
            .ask(archive, start, end, DataQueries.Periods.SLIDING);
    List<Optional<Point>> slots = new ArrayList<>();
    for (long time = start; time < end; time += period) {
      Double value = answers.isEmpty() ? null : answers.getFirst().points().get(time);
      slots.add(value == null ? Optional.empty() : Optional.of(new Point(time, value)));
    }
    return slots;
  }

  /** Gives an alarm a state; if it is another, its actions follow. */
  private void become(Alarm alarm, AlarmState state, String reason, String reasonData) {
    Alarm after = alarm.with(state, reason, reasonData, clock.now());
    if (state == alarm.state()) {
      alarms.put(after.name(), after);
      store.applyDurably(List.of(new Change(key(after.name()), AlarmCodec.encode(after))));
      return;
    }
    ObjectNode data = JSON.createObjectNode().put("version", "1.0");
    data.putObject("oldState")
        .put("stateValue", alarm.state().name())
        .put("stateReason", alarm.stateReason());
    data.putObject("newState").put("stateValue", state.name()).put("stateReason", reason);
    note(
        after,
        HistoryItem.Type.STATE_UPDATE,
        "Alarm updated from " + alarm.state() + " to " + state,
        data);
    if (after.configuration().actions().enabled()) {
      after.configuration().actions().of(state).forEach(action -> act(after, alarm, action));
    }
  }

  private void act(Alarm alarm, Alarm before, String action) {
    String problem =
        actions.perform(
            action,
            AlarmMessage.subject(alarm, place.regionName()),
            AlarmMessage.message(alarm, before.state(), place));
    ObjectNode data =
        JSON.createObjectNode()
            .put("version", "1.0")
            .put("actionState", problem.isEmpty() ? "Succeeded" : "Failed")
            .put("notificationResource", action)
            .put("stateUpdateTimestamp", alarm.stateUpdatedAt().toEpochMilli());
    if (!problem.isEmpty()) {
      data.put("error", problem);
    }
    String summary =
        problem.isEmpty()
            ? "Successfully executed action " + action
            : "Failed to execute action " + action + ". Received error: \"" + problem + "\"";
    note(alarm, HistoryItem.Type.ACTION, summary, data);
  }

  private void note(Alarm alarm, HistoryItem.Type type, String summary, ObjectNode data) {
    List<Change> changes = new ArrayList<>();
    alarms.put(alarm.name(), alarm);
    changes.add(new Change(key(alarm.name()), AlarmCodec.encode(alarm)));
    changes.addAll(
        history.add(new HistoryItem(alarm.name(), clock.now(), type, summary, data.toString())));
    store.applyDurably(changes);
  }

  private static byte[] key(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] key = new byte[1 + bytes.length];
    key[0] = KIND;
    System.arraycopy(bytes, 0, key, 1, bytes.length);
    return key;
  }
}
