package tidefs.api.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidefs.api.Limits;
import tidefs.api.ServiceError;

/** Reads values in CBOR (RFC 8949), of definite and indefinite lengths, within limits. */
final class CborReader {
  private static final int INDEFINITE = 31;
  private static final int BREAK = 0xff;
  private static final double MOST_SECONDS = 1e12;

  private final ByteBuffer in;

  private CborReader(byte[] bytes) {
    in = ByteBuffer.wrap(bytes);
  }

  static Datum read(byte[] bytes) throws ServiceError {
    CborReader reader = new CborReader(bytes);
    try {
      Datum value = reader.value(0);
      if (value == null || reader.in.hasRemaining()) {
        throw malformed();
      }
      return value;
    } catch (BufferUnderflowException | DateTimeException e) {
      throw malformed();
    }
  }

  private static ServiceError malformed() {
    return ServiceError.serialization("The request's body is not well-formed CBOR.");
  }

  /** The next value; null for null. */
  private @Nullable Datum value(int depth) throws ServiceError {
    if (depth > Limits.JSON_DEPTH) {
      throw malformed();
    }
    int first = in.get() & 0xff;
    int detail = first & 0x1f;
    return switch (first >> 5) {
      case 0 -> new Datum.Whole(whole(argument(detail)));
      case 1 -> new Datum.Whole(~whole(argument(detail)));
      case 3 -> new Datum.Text(text(detail));
      case 4 -> sequence(detail, depth);
      case 5 -> structure(detail, depth);
      case 6 -> tagged(argument(detail), depth);
      case 7 -> simple(detail);
      default -> throw malformed(); // Byte strings: no operation has any.
    };
  }

  private static long whole(long argument) throws ServiceError {
    if (argument < 0) {
      throw malformed(); // Beyond 63 bits.
    }
    return argument;
  }

  private long argument(int detail) throws ServiceError {
    return switch (detail) {
      case 24 -> in.get() & 0xffL;
      case 25 -> in.getShort() & 0xffffL;
      case 26 -> in.getInt() & 0xffff_ffffL;
      case 27 -> in.getLong();
      default -> {
        if (detail > 27) {
          throw malformed();
        }
        yield detail;
      }
    };
  }

  /** A length, of things that take a byte each at least. */
  private int length(int detail) throws ServiceError {
    long length = argument(detail);
    if (length < 0 || length > in.remaining()) {
      throw malformed();
    }
    return (int) length;
  }

  private boolean ends() {
    if ((in.get(in.position()) & 0xff) != BREAK) {
      return false;
    }
    in.get();
    return true;
  }

  private String text(int detail) throws ServiceError {
    if (detail == INDEFINITE) {
      StringBuilder parts = new StringBuilder();
      while (in.hasRemaining() && !ends()) {
        int first = in.get() & 0xff;
        if (first >> 5 != 3 || (first & 0x1f) == INDEFINITE) {
          throw malformed();
        }
        parts.append(text(first & 0x1f));
      }
      return parts.toString();
    }
    byte[] bytes = new byte[length(detail)];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private Datum sequence(int detail, int depth) throws ServiceError {
    List<Datum> elements = new ArrayList<>();
    boolean indefinite = detail == INDEFINITE;
    int length = indefinite ? Integer.MAX_VALUE : length(detail);
    for (int i = 0; i < length; i++) {
      if (indefinite && requireMore() && ends()) {
        break;
      }
      Datum element = value(depth + 1);
      if (element == null) {
        throw ServiceError.serialization("A list in the request's body holds null.");
      }
      elements.add(element);
    }
    return new Datum.Sequence(elements);
  }

  private Datum structure(int detail, int depth) throws ServiceError {
    Map<String, Datum> members = new LinkedHashMap<>();
    boolean indefinite = detail == INDEFINITE;
    int length = indefinite ? Integer.MAX_VALUE : length(detail);
    for (int i = 0; i < length; i++) {
      if (indefinite && requireMore() && ends()) {
        break;
      }
      if (!(value(depth + 1) instanceof Datum.Text(String name))) {
        throw malformed();
      }
      Datum member = value(depth + 1);
      if (member != null) {
        members.put(name, member);
      }
    }
    return new Datum.Structure(members);
  }

  private boolean requireMore() throws ServiceError {
    if (!in.hasRemaining()) {
      throw malformed();
    }
    return true;
  }

  private @Nullable Datum tagged(long tag, int depth) throws ServiceError {
    Datum value = value(depth + 1);
    if (tag != 1) {
      return value;
    }
    double seconds =
        switch (value) {
          case Datum.Whole(long number) -> number;
          case Datum.Real(double number) -> number;
          case null, default -> throw malformed();
        };
    if (!(Math.abs(seconds) < MOST_SECONDS)) {
      throw malformed();
    }
    return new Datum.Moment(Instant.ofEpochMilli(Math.round(seconds * 1e3)));
  }

  private @Nullable Datum simple(int detail) throws ServiceError {
    return switch (detail) {
      case 20 -> new Datum.Flag(false);
      case 21 -> new Datum.Flag(true);
      case 22, 23 -> null;
      case 25 -> new Datum.Real(Float.float16ToFloat(in.getShort()));
      case 26 -> new Datum.Real(in.getFloat());
      case 27 -> new Datum.Real(in.getDouble());
      default -> throw malformed();
    };
  }
}
