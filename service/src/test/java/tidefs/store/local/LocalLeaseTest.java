package tidefs.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.store.LeaseContract;
import tidefs.store.ShardLease;
import tidefs.store.StoreFault;
import tidefs.testkit.PowerCutIo;

final class LocalLeaseTest extends LeaseContract {
  @TempDir private Path directory;

  @Override
  protected ShardLease contender() {
    return new LocalLease(new NativeFileIo(), directory);
  }

  @Test
  void aDamagedCounterOfEpochsIsAFault() throws Exception {
    contender().acquire().close();
    Files.writeString(directory.resolve("epoch"), "x");
    ShardLease lease = contender();
    assertThatThrownBy(lease::acquire)
        .isInstanceOf(StoreFault.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void anEpochThatWasGivenIsNotGivenAgainAfterALossOfPower() {
    Random random = new Random(3);
    Path root = Path.of("/disk");
    PowerCutIo io = new PowerCutIo(4, root);
    long highest = 0;
    int given = 0;
    for (int i = 0; i < 500; i++) {
      io.cutAfter(1 + random.nextInt(9));
      try (ShardLease.Grant grant = new LocalLease(io, root).acquire()) {
        assertThat(grant.epoch()).isGreaterThan(highest);
        highest = grant.epoch();
        given++;
      } catch (StoreFault e) {
        assertThat(io.isCut()).isTrue();
      }
      io.restore();
    }
    assertThat(given).isPositive();
  }
}
