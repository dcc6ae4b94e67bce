package tidefs.nfs4.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** Bytes that nobody meant: every decoder answers with a record or an {@link XdrException}. */
final class OpFuzzTest {
  private static final long SEED = Long.getLong("seed", 20_260_101);
  private static final int ROUNDS = 3_000;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void randomBytesAreDecodedOrMalformed() {
    int decoded = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = new byte[random.nextInt(256)];
      random.nextBytes(bytes);
      makeSmallNumbersLikely(bytes);
      for (int code = 0; code <= 76; code++) {
        decoded += decode(code, bytes) ? 1 : 0;
      }
    }
    assertThat(decoded).as("seed %d", SEED).isGreaterThan(ROUNDS);
  }

  @Test
  void damagedArgumentsAreDecodedOrMalformed() {
    for (int round = 0; round < ROUNDS; round++) {
      for (OpSamples.Sample sample : OpSamples.ALL) {
        byte[] bytes = sample.arguments().toBytes();
        if (bytes.length > 0) {
          int at = random.nextInt(bytes.length);
          bytes[at] =
              (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] ^ 1 << random.nextInt(8));
          decode(sample.expected().code(), bytes);
        }
      }
    }
  }

  @Test
  void anyCompoundHeaderIsDecodedOrMalformed() {
    for (int round = 0; round < ROUNDS * 10; round++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      makeSmallNumbersLikely(bytes);
      try {
        CompoundHeader header = CompoundHeader.decode(new XdrReader(Unpooled.wrappedBuffer(bytes)));
        assertThat(header.tag().length()).isLessThanOrEqualTo(Limits.TAG_BYTES);
      } catch (XdrException e) {
        assertThat(e).hasMessageMatching("(a|the) .*");
      }
    }
  }

  /** Most random words are too large a length for anything but the first check. */
  private void makeSmallNumbersLikely(byte[] bytes) {
    for (int at = 0; at + 4 <= bytes.length; at += 4) {
      if (random.nextInt(3) != 0) {
        bytes[at] = 0;
        bytes[at + 1] = 0;
        bytes[at + 2] = 0;
        bytes[at + 3] &= 0x0f;
      }
    }
  }

  private static boolean decode(int code, byte[] bytes) {
    try {
      var in = new XdrReader(Unpooled.wrappedBuffer(bytes));
      Op op = Op.decode(code, in, 2);
      assertThat(in.remaining()).isBetween(0, bytes.length);
      assertThat(op.code()).isIn(code, Illegal.CODE);
      return !(op instanceof Illegal);
    } catch (XdrException e) {
      return false;
    } catch (RuntimeException e) {
      throw new AssertionError(
          "seed " + SEED + ", operation " + code + ": " + HexFormat.of().formatHex(bytes), e);
    }
  }
}
