package tidefs.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;

final class CborTest {
  private static Datum read(String hex) throws ServiceError {
    return CborReader.read(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @Test
  void whatSdksSendIsRead() throws ServiceError {
    // {_ "a": 1, "t": 1(float32), "b": [true, -5], "n": null}, of indefinite length.
    assertThat(read("bf 6161 01 6174 c1fa4f000000 6162 82f524 616e f6 ff"))
        .isEqualTo(
            Structure.with()
                .put("a", 1)
                .put("t", Instant.ofEpochSecond(1L << 31))
                .put("b", List.of(new Datum.Flag(true), new Datum.Whole(-5)))
                .end());
    assertThat(read("fb 3ff8000000000000")).isEqualTo(new Datum.Real(1.5));
    assertThat(read("f9 3e00")).isEqualTo(new Datum.Real(1.5));
    assertThat(read("7f 6161 6162 ff")).isEqualTo(new Datum.Text("ab"));
    assertThat(read("9f 01 02 ff"))
        .isEqualTo(new Datum.Sequence(List.of(new Datum.Whole(1), new Datum.Whole(2))));
  }

  @Test
  void whatIsWrittenIsReadTheSame() throws ServiceError {
    Structure all =
        Structure.with()
            .put("text", "ä".repeat(300))
            .put("small", 23)
            .put("large", 1L << 40)
            .put("negative", -70_000)
            .put("real", 5e9)
            .put("time", Instant.parse("2026-11-22T08:03:00.250Z"))
            .put("flag", false)
            .put("list", List.of(Structure.EMPTY))
            .end();
    assertThat(CborReader.read(CborWriter.write(all))).isEqualTo(all);
    assertThat(CborWriter.write(new Datum.Entries(Map.of("k", "v"))))
        .asHexString()
        .isEqualTo("A1616B6176");
  }

  @Test
  void whatIsDamagedIsRefused() {
    for (String wrong :
        List.of(
            "",
            "bf",
            "a1",
            "9b7fffffffffffffff",
            "7b7fffffffffffffff",
            "ff",
            "5801ff",
            "0100",
            "a10102",
            "1bffffffffffffffff",
            "81".repeat(100),
            "c1fbfff8000000000000",
            "c1fb7ff0")) {
      assertThatThrownBy(() -> read(wrong)).as(wrong).isInstanceOf(ServiceError.class);
    }
  }

  @Test
  void arbitraryBytesNeverBreakTheReader() {
    Random random = new Random(Long.getLong("seed", 20261122));
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      try {
        assertThat(CborReader.read(bytes)).isNotNull();
      } catch (ServiceError refused) {
        assertThat(refused.status()).isEqualTo(400);
      }
    }
  }
}
