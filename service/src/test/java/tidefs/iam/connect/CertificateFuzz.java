package tidefs.iam.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The extensions of a client's certificate under any bytes: four parts, each after its length in
 * two bytes, are the values of the extensions 1 to 4; one of no bytes is not there.
 */
public final class CertificateFuzz {
  private static final String ARC = "1.3.6.1.4.1.4843.7.";

  private CertificateFuzz() {}

  /** One input: what a certificate has in its extensions. */
  public static void fuzzerTestOneInput(byte[] input) {
    Map<String, byte[]> values = new HashMap<>();
    int at = 0;
    for (int number = 1; number <= 4 && at + 2 <= input.length; number++) {
      int length = ((input[at] & 0xff) << 8) | (input[at + 1] & 0xff);
      int end = Math.min(input.length, at + 2 + length);
      if (length > 0) {
        values.put(ARC + number, Arrays.copyOfRange(input, at + 2, end));
      }
      at = end;
    }
    try {
      ClientCertificate read =
          ClientCertificate.parse(values::get, "hash", Instant.EPOCH, Instant.MAX);
      assertThat(values).containsKey(ARC + 3);
      int bytes = input.length;
      assertThat(read.fileSystemId().length()).isLessThan(bytes);
      assertThat(read.accessPointId().isPresent()).isEqualTo(values.containsKey(ARC + 1));
      assertThat(read.signature().isPresent()).isEqualTo(values.containsKey(ARC + 2));
      assertThat(read.clientSource().isPresent()).isEqualTo(values.containsKey(ARC + 4));
      read.signature()
          .ifPresent(signature ->
              assertThat(signature.time())
                  .isBetween(
                      Instant.parse("1950-01-01T00:00:00Z"),
                      Instant.parse("2049-12-31T23:59:59Z")));
    } catch (ConnectRefusal malformed) {
      assertThat(malformed.message()).startsWith("the certificate");
    }
  }
}
