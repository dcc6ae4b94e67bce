package tidefs.control.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidefs.control.alarm.Evaluation.Point;

/**
 * The tables of "Configuring how CloudWatch alarms treat missing data": 0 is a point within the
 * threshold, X one that breaches it, - none. The oldest comes first.
 */
final class EvaluationTest {
  private static String verdict(String points, int n, int m, MissingData missing) {
    List<Optional<Point>> slots = new ArrayList<>();
    for (char each : points.replace(" ", "").toCharArray()) {
      double value = each == 'X' ? 1 : 0;
      slots.add(each == '-' ? Optional.empty() : Optional.of(new Point(slots.size(), value)));
    }
    var rule = new AlarmConfiguration.Rule(Comparison.GREATER, 0.5, n, m, true, missing, true);
    return Evaluation.of(rule, slots).state().map(Enum::name).orElse("keep");
  }

  private static void check(
      String points, int n, int m, String missing, String ignore, String bad, String good) {
    assertThat(verdict(points, n, m, MissingData.MISSING)).as("missing").isEqualTo(missing);
    assertThat(verdict(points, n, m, MissingData.IGNORE)).as("ignore").isEqualTo(ignore);
    assertThat(verdict(points, n, m, MissingData.BREACHING)).as("breaching").isEqualTo(bad);
    assertThat(verdict(points, n, m, MissingData.NOT_BREACHING)).as("not").isEqualTo(good);
  }

  @ParameterizedTest
  @CsvSource({
    "0 - X - X, OK, OK, OK, OK",
    "0 - - - -, OK, OK, OK, OK",
    "- - - - -, INSUFFICIENT_DATA, keep, ALARM, OK",
    "0 X X - X, ALARM, ALARM, ALARM, ALARM",
    "- - X - -, ALARM, keep, ALARM, OK",
  })
  void threeOfThree(String points, String missing, String ignore, String bad, String good) {
    check(points, 3, 3, missing, ignore, bad, good);
  }

  @ParameterizedTest
  @CsvSource({
    "0 - X - X, ALARM, ALARM, ALARM, ALARM",
    "0 0 X 0 X, ALARM, ALARM, ALARM, ALARM",
    "0 - X - -, OK, OK, ALARM, OK",
    "- - - - 0, OK, OK, ALARM, OK",
    "- - - X -, ALARM, keep, ALARM, OK",
  })
  void twoOfThree(String points, String missing, String ignore, String bad, String good) {
    check(points, 3, 2, missing, ignore, bad, good);
  }

  /** The points breach, but the oldest of them is younger than the datapoints to alarm. */
  @ParameterizedTest
  @CsvSource({"- - - - X, 3", "- - - X -, 3", "- - - - X, 2"})
  void alarmsAreNotPremature(String points, int m) {
    assertThat(verdict(points, 3, m, MissingData.MISSING)).isEqualTo("keep");
  }

  @ParameterizedTest
  @CsvSource({"- - X, ALARM", "- X -, ALARM", "X - -, ALARM", "0 - X, ALARM", "X - 0, OK"})
  void theNewestPointDecidesForOneOfOne(String points, String state) {
    for (MissingData missing : MissingData.values()) {
      assertThat(verdict(points, 1, 1, missing)).isEqualTo(state);
    }
  }
}
