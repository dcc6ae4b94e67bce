package tidefs.nfs4.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tidefs.base.Chance;
import tidefs.testkit.ManualClock;
import tidefs.xdr.Opaque;

final class RangeLocksTest {
  private final StateDomain domain = domain();
  private final Owner anna = owner("anna");
  private final Owner bert = owner("bert");
  private final RangeLocks locks = new RangeLocks();

  private static StateDomain domain() {
    Chance chance = new Random(1)::nextBytes;
    NfsConfig config = NfsConfig.DEFAULTS.withLease(Duration.ofSeconds(90));
    return new StateDomain("test", config, new ManualClock(), chance);
  }

  private Owner owner(String name) {
    Client client =
        new Client(domain, 1, new ClientName(1, Opaque.utf8("c")), 1, new Principal(1, 0), 0);
    return new Owner(client, Opaque.utf8(name));
  }

  private List<String> shown() {
    return locks.ranges().stream()
        .map(range ->
            "%s %s-%s %s"
                .formatted(
                    range.owner().name(),
                    Long.toUnsignedString(range.first()),
                    range.last() == -1 ? "end" : Long.toUnsignedString(range.last()),
                    range.exclusive() ? "w" : "r"))
        .sorted()
        .toList();
  }

  @Test
  void readLocksShareAndWriteLocksExclude() {
    locks.lock(anna, 0, 9, false);
    assertThat(locks.conflict(bert, 5, 5, false)).isNull();
    assertThat(locks.conflict(bert, 5, 5, true)).isNotNull();
    assertThat(locks.conflict(bert, 10, 10, true)).isNull();
    locks.lock(anna, 0, 9, true);
    assertThat(locks.conflict(bert, 9, 20, false)).isNotNull();
    assertThat(locks.conflict(anna, 0, -1, true)).isNull();
  }

  @Test
  void unlockingTheMiddleSplits() {
    assertThat(locks.lock(anna, 0, 99, true)).isEqualTo(1);
    assertThat(locks.unlock(anna, 40, 59)).isEqualTo(1);
    assertThat(shown()).containsExactly("anna 0-39 w", "anna 60-99 w");
  }

  @Test
  void touchingRangesOfOneKindMerge() {
    locks.lock(anna, 0, 9, true);
    locks.lock(anna, 20, 29, true);
    assertThat(locks.lock(anna, 10, 19, true)).isEqualTo(-1);
    assertThat(shown()).containsExactly("anna 0-29 w");
  }

  @Test
  void downgradeOfAPartSplitsByKind() {
    locks.lock(anna, 0, 99, true);
    locks.lock(anna, 10, 19, false);
    assertThat(shown()).containsExactly("anna 0-9 w", "anna 10-19 r", "anna 20-99 w");
  }

  @Test
  void rangesToTheEndReachTheLastByteOfSixtyFourBits() {
    locks.lock(anna, 100, -1, true);
    assertThat(locks.conflict(bert, -2, -2, false)).isNotNull();
    assertThat(locks.unlock(anna, 0, Long.MAX_VALUE)).isZero();
    assertThat(shown()).containsExactly("anna 9223372036854775808-end w");
    assertThat(locks.unlockAll(anna)).isEqualTo(1);
    assertThat(locks.has(anna)).isFalse();
  }

  @Test
  void equalsAnArrayOfBytesLockedOneByOne() {
    long seed = Long.getLong("seed", 20_261_122L);
    Random random = new Random(seed);
    int[][] model = new int[2][64];
    Owner[] owners = {anna, bert};
    for (int step = 0; step < 5_000; step++) {
      int who = random.nextInt(2);
      int first = random.nextInt(64);
      int last = first + random.nextInt(64 - first);
      int kind = random.nextInt(3);
      if (kind == 0) {
        locks.unlock(owners[who], first, last);
      } else if (locks.conflict(owners[who], first, last, kind == 2) == null) {
        locks.lock(owners[who], first, last, kind == 2);
      } else {
        assertThat(modelConflicts(model[1 - who], first, last, kind)).as("seed " + seed).isTrue();
        continue;
      }
      for (int at = first; at <= last; at++) {
        model[who][at] = kind;
      }
      for (int at = 0; at < 64; at++) {
        boolean any = model[0][at] == 2;
        assertThat(locks.conflict(bert, at, at, false) != null).as("seed " + seed).isEqualTo(any);
      }
    }
  }

  private static boolean modelConflicts(int[] other, int first, int last, int kind) {
    for (int at = first; at <= last; at++) {
      if (other[at] == 2 || (other[at] == 1 && kind == 2)) {
        return true;
      }
    }
    return false;
  }
}
