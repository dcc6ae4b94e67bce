package tidefs.nfs4.op;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Our numbers are those of the RFCs, which {@code constants.txt} holds under their names there. */
final class ConstantsTest {
  private static final Pattern LINE = Pattern.compile("(\\w+) = (\\d+)");

  @Test
  void operationsAreNumberedAsInTheRfcs() throws ReflectiveOperationException {
    var ours = new TreeMap<String, Integer>();
    for (Class<?> op : OpSamples.types(Op.class)) {
      ours.put(plain(op.getSimpleName()), op.getDeclaredField("CODE").getInt(null));
    }
    assertThat(ours).isEqualTo(plain(constants("OP_")));
    assertThat(ours).hasSize(74);
  }

  @Test
  void everyOperationKnowsItsNumber() throws ReflectiveOperationException {
    for (OpSamples.Sample sample : OpSamples.ALL) {
      Class<?> type = sample.expected().getClass();
      assertThat(sample.expected().code()).isEqualTo(type.getDeclaredField("CODE").getInt(null));
    }
  }

  @Test
  void statusesAreNumberedAsInTheRfcs() {
    var ours = new TreeMap<String, Integer>();
    for (Status status : Status.values()) {
      ours.put(status.name(), status.code());
    }
    Map<String, Integer> theirs = constants("NFS4ERR_");
    theirs.put("OK", 0);
    assertThat(ours).isEqualTo(theirs);
  }

  @Test
  void attributesAreNumberedAsInTheRfcs() throws ReflectiveOperationException {
    var ours = new TreeMap<String, Integer>();
    for (Field field : Attribute.class.getDeclaredFields()) {
      ours.put(field.getName(), field.getInt(null));
    }
    assertThat(ours).isEqualTo(constants("FATTR4_"));
    assertThat(ours).hasSize(87);
  }

  private static String plain(String name) {
    return name.toUpperCase(Locale.ROOT).replace("_", "");
  }

  private static Map<String, Integer> plain(Map<String, Integer> named) {
    var all = new TreeMap<String, Integer>();
    named.forEach((name, number) -> all.put(plain(name), number));
    return all;
  }

  private static Map<String, Integer> constants(String prefix) {
    var all = new TreeMap<String, Integer>();
    try (InputStream in = ConstantsTest.class.getResourceAsStream("constants.txt")) {
      for (String line : new String(in.readAllBytes(), US_ASCII).lines().toList()) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches() && matcher.group(1).startsWith(prefix)) {
          String name = matcher.group(1).substring(prefix.length());
          all.put(name, Integer.parseInt(matcher.group(2)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
