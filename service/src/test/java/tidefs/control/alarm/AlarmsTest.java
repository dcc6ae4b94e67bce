package tidefs.control.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tidefs.metrics.Metric;
import tidefs.metrics.MetricArchive;
import tidefs.metrics.Sample;
import tidefs.metrics.Series;
import tidefs.metrics.StatisticSet;
import tidefs.metrics.Units;
import tidefs.metrics.query.DataQuery;
import tidefs.metrics.query.Statistic;
import tidefs.testkit.ManualClock;
import tidefs.testkit.MemoryKeyValueStore;

final class AlarmsTest {
  private static final Metric CREDITS =
      new Metric(
          "AWS/EFS", "BurstCreditBalance", List.of(new Metric.Dimension("FileSystemId", "fs-1")));
  private static final String ACTION = "arn:aws:sns:us-east-1:123456789012:ops";

  private final ManualClock clock = new ManualClock();
  private final MemoryKeyValueStore store = new MemoryKeyValueStore();
  private final MetricArchive archive = new MetricArchive(store);
  private final List<String> performed = new ArrayList<>();
  private Alarms alarms = opened();

  private Alarms opened() {
    return new Alarms(
        archive,
        store,
        new AlarmPlace("123456789012", "us-east-1"),
        (action, subject, message) -> {
          performed.add(subject + "\n" + message);
          return "";
        },
        clock);
  }

  private static AlarmConfiguration configuration(int periods) {
    DataQuery query =
        new DataQuery(
            "m1",
            new DataQuery.Source.OfMetric(CREDITS, 60, new Statistic("Average"), ""),
            "",
            true);
    return new AlarmConfiguration(
        "credits",
        "few",
        new AlarmConfiguration.Actions(true, List.of(ACTION), List.of(ACTION), List.of()),
        List.of(query),
        false,
        new AlarmConfiguration.Rule(
            Comparison.LESS, 5e9, periods, periods, false, MissingData.MISSING, false),
        Optional.empty());
  }

  /** A minute passes, of which {@code value} is known at its end. */
  private void minute(double value) throws MetricArchive.FullException {
    long now = clock.now().getEpochSecond();
    clock.advance(Duration.ofMinutes(1));
    archive.put(List.of(new Sample(new Series(CREDITS, Units.BYTES), now, StatisticSet.of(value))));
    alarms.tick();
  }

  private Alarm alarm() {
    return alarms.all().get("credits");
  }

  @Test
  void alarmGoesOffAndRecoversWithItsReasons() throws Exception {
    alarms.put(configuration(3), Map.of());
    assertThat(alarm().state()).isEqualTo(AlarmState.INSUFFICIENT_DATA);
    minute(9e9);
    assertThat(alarm().state()).isEqualTo(AlarmState.OK);
    minute(4e9);
    minute(3e9);
    assertThat(alarm().state()).isEqualTo(AlarmState.OK);
    minute(2e9);
    assertThat(alarm().state()).isEqualTo(AlarmState.ALARM);
    assertThat(alarm().stateReason())
        .isEqualTo(
            "Threshold Crossed: 3 out of the last 3 datapoints [2.0E9 (22/11/26 08:03:00), 3.0E9"
                + " (22/11/26 08:02:00), 4.0E9 (22/11/26 08:01:00)] were less than the threshold"
                + " (5.0E9) (minimum 3 datapoints for OK -> ALARM transition).");
    assertThat(alarm().stateReasonData())
        .contains("\"recentDatapoints\":[4.0E9,3.0E9,2.0E9]")
        .contains("\"startDate\":\"2026-11-22T08:01:00.000+0000\"");
    minute(6e9);
    assertThat(alarm().state()).isEqualTo(AlarmState.OK);
    assertThat(alarm().stateReason())
        .isEqualTo(
            "Threshold Crossed: 1 out of the last 3 datapoints [6.0E9 (22/11/26 08:04:00)] was not"
                + " less than the threshold (5.0E9) (minimum 1 datapoint for ALARM -> OK"
                + " transition).");
    assertThat(performed).hasSize(3); // To OK, to ALARM, to OK again.
    assertThat(performed.get(1))
        .startsWith("ALARM: \"credits\" in US East (N. Virginia)\n{\"AlarmName\":\"credits\"")
        .contains("\"OldStateValue\":\"OK\"")
        .contains("\"Dimensions\":[{\"value\":\"fs-1\",\"name\":\"FileSystemId\"}]")
        .contains("\"Statistic\":\"AVERAGE\"")
        .contains("\"StateChangeTime\":\"2026-11-22T08:04:00.000+0000\"");
  }

  @Test
  void alarmsAndTheirHistorySurviveARestart() throws Exception {
    alarms.put(configuration(1), Map.of("team", "storage"));
    minute(1e9);
    Alarm before = alarm();
    var history = List.copyOf(alarms.history().items().values());
    alarms = opened();
    assertThat(alarm()).isEqualTo(before);
    assertThat(alarms.history().items().values()).containsExactlyElementsOf(history);
    assertThat(history)
        .extracting(HistoryItem::summary)
        .containsExactly(
            "Alarm \"credits\" created",
            "Alarm updated from INSUFFICIENT_DATA to ALARM",
            "Successfully executed action " + ACTION);
  }

  @Test
  void stateThatWasSetActsAndLastsUntilTheNextEvaluation() throws Exception {
    alarms.put(configuration(1), Map.of());
    minute(9e9);
    alarms.setState("credits", AlarmState.ALARM, "a drill", "");
    assertThat(performed.getLast()).startsWith("ALARM").contains("a drill");
    minute(9e9);
    assertThat(alarm().state()).isEqualTo(AlarmState.OK);
  }

  private static AlarmConfiguration ofPercentile(int period, Optional<String> lowSampleCount) {
    AlarmConfiguration its = configuration(1);
    DataQuery query =
        new DataQuery(
            "m1",
            new DataQuery.Source.OfMetric(CREDITS, period, new Statistic("p90"), ""),
            "",
            true);
    return new AlarmConfiguration(
        its.name(),
        its.description(),
        its.actions(),
        List.of(query),
        false,
        its.rule(),
        lowSampleCount);
  }

  @Test
  void percentilesAreWatchedAndThoseOfFewSamplesIgnoredIfSoWished() throws Exception {
    Series series = new Series(CREDITS, Units.BYTES);
    for (Optional<String> lowSampleCount :
        List.of(Optional.of("ignore"), Optional.of("evaluate"))) {
      alarms.put(ofPercentile(60, lowSampleCount), Map.of());
      AlarmState before = alarm().state();
      long now = clock.now().getEpochSecond();
      clock.advance(Duration.ofMinutes(1));
      for (int i = 0; i < 100; i++) {
        if (i == 99) {
          alarms.tick();
          boolean ignored = lowSampleCount.equals(Optional.of("ignore"));
          assertThat(alarm().state()).isEqualTo(ignored ? before : AlarmState.ALARM);
        }
        double value = i % 10 == 9 ? 9e9 : 1e9; // A tenth is over the threshold: p90 is not.
        archive.put(List.of(new Sample(series, now, StatisticSet.of(value))));
      }
      alarms.tick();
      assertThat(alarm().state()).isEqualTo(AlarmState.ALARM);
    }
  }

  @Test
  void highResolutionIsEvaluatedEveryTenSeconds() throws Exception {
    Series series = new Series(CREDITS, Units.BYTES);
    alarms.put(ofPercentile(10, Optional.empty()), Map.of());
    AlarmState[] expected = {AlarmState.OK, AlarmState.ALARM, AlarmState.OK};
    for (int i = 0; i < expected.length; i++) {
      double value = expected[i] == AlarmState.OK ? 9e9 : 1e9;
      long now = clock.now().getEpochSecond();
      clock.advance(Duration.ofSeconds(10));
      archive.put(List.of(new Sample(series, now + 3, StatisticSet.of(value), true)));
      alarms.tick();
      assertThat(alarm().state())
          .isEqualTo(i == 0 ? AlarmState.INSUFFICIENT_DATA : expected[i - 1]);
      alarms.tickHighResolution();
      assertThat(alarm().state()).isEqualTo(expected[i]);
    }
  }

  @Test
  void disabledActionsAreNotTaken() throws Exception {
    alarms.put(configuration(1), Map.of());
    alarms.enableActions(List.of("credits", "unknown"), false);
    minute(1e9);
    assertThat(alarm().state()).isEqualTo(AlarmState.ALARM);
    assertThat(performed).isEmpty();
  }

  @Test
  void anotherConfigurationKeepsStateAndTags() throws Exception {
    alarms.put(configuration(1), Map.of("team", "storage"));
    minute(1e9);
    alarms.put(configuration(2), Map.of("team", "other"));
    assertThat(alarm().state()).isEqualTo(AlarmState.ALARM);
    assertThat(alarm().tags()).containsEntry("team", "storage");
  }

  @Test
  void knownAlarmsAreDeletedEvenIfOthersAreUnknown() throws Exception {
    alarms.put(configuration(1), Map.of());
    assertThatThrownBy(() -> alarms.delete(List.of("unknown", "credits")))
        .isInstanceOf(AlarmRefusal.class);
    assertThat(alarms.all()).isEmpty();
    assertThat(alarms.history().items()).hasSize(2);
  }
}
