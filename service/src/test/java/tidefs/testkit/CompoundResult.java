package tidefs.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.SessionId;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;

/** The reply to a COMPOUND, with the results of its operations decoded. */
public record CompoundResult(Status status, String tag, List<Result> results) {
  /**
   * The result of one operation.
   *
   * @param body what came with the status: null, a value, or one of the records here
   */
  public record Result(int code, Status status, @Nullable Object body) {}

  /** A change_info4. */
  public record Change(boolean atomic, long before, long after) {}

  /**
   * What OPEN returns.
   *
   * @param delegation an open_delegation_type4
   * @param why a why_no_delegation4; -1 without a word
   * @param delegated the stateid of the delegation, or that of all zeros
   * @param recalled whether the delegation is to be returned at once
   */
  public record Opened(
      StateId stateId,
      Change directory,
      int flags,
      BitSet attributesSet,
      int delegation,
      int why,
      StateId delegated,
      boolean recalled) {}

  /** What READ returns. */
  public record Data(boolean eof, byte[] bytes) {}

  /** What WRITE returns. */
  public record Written(int count, Stability committed, long verifier) {}

  /** What READDIR returns. */
  public record Listing(long verifier, List<Entry> entries, boolean eof) {}

  /** The lock in the way. */
  public record Denied(long offset, long length, int type, long clientId, String owner) {}

  /** What ACCESS returns. */
  public record Rights(int supported, int granted) {}

  /** What SETCLIENTID and EXCHANGE_ID return. */
  public record Client(long clientId, long confirm, int flags) {}

  /** A channel_attrs4. */
  public record Channel(
      int pad, int maxRequest, int maxResponse, int maxCached, int maxOps, int maxRequests) {}

  /** What CREATE_SESSION returns. */
  public record Session(SessionId session, int sequence, int flags, Channel fore, Channel back) {}

  /** What SEQUENCE returns. */
  public record Slot(
      SessionId session, int sequence, int slot, int highest, int target, int flags) {}

  private static final Map<Integer, Status> STATUS =
      Arrays.stream(Status.values()).collect(Collectors.toMap(Status::code, status -> status));

  /** Decodes the results of the COMPOUND procedure, to the last byte. */
  public static CompoundResult decode(XdrIn in) {
    Status status = status(in);
    String tag = in.text();
    int count = in.int32();
    var results = new ArrayList<Result>();
    for (int i = 0; i < count; i++) {
      int code = in.int32();
      Status each = status(in);
      results.add(
          new Result(code, each, each == Status.OK ? ok(code, in) : failed(code, each, in)));
    }
    if (in.remaining() != 0) {
      throw new IllegalStateException(in.remaining() + " bytes behind the last result");
    }
    return new CompoundResult(status, tag, results);
  }

  private static Status status(XdrIn in) {
    int code = in.int32();
    Status status = STATUS.get(code);
    if (status == null) {
      throw new IllegalStateException("a status of " + code);
    }
    return status;
  }

  private static @Nullable Object failed(int code, Status status, XdrIn in) {
    if (status == Status.DENIED && (code == 12 || code == 13)) {
      return new Denied(in.int64(), in.int64(), in.int32(), in.int64(), in.text());
    }
    if (status == Status.CLID_INUSE && code == 35) {
      return in.text() + " " + in.text();
    }
    return code == 34 ? in.bitmap() : null;
  }

  private static @Nullable Object ok(int code, XdrIn in) {
    return switch (code) {
      case 3 -> new Rights(in.int32(), in.int32());
      case 4, 12, 14, 20, 21 -> in.stateId();
      case 5 -> in.int64();
      case 6 -> List.of(change(in), in.bitmap());
      case 9 -> FileAttributes.decode(in);
      case 10 -> FileHandle.wrap(in.opaque());
      case 11, 28 -> change(in);
      case 18 -> opened(in);
      case 25 -> new Data(in.bool(), in.opaque());
      case 26 -> listing(in);
      case 27 -> in.text();
      case 29 -> List.of(change(in), change(in));
      case 33, 52 -> flavors(in);
      case 34 -> in.bitmap();
      case 35 -> new Client(in.int64(), in.int64(), 0);
      case 38 -> new Written(in.int32(), Stability.values()[in.int32()], in.int64());
      case 41 -> List.of(in.int64(), in.int64(), in.int32(), in.bool());
      case 42 -> exchanged(in);
      case 43 -> new Session(session(in), in.int32(), in.int32(), channel(in), channel(in));
      case 53 -> new Slot(session(in), in.int32(), in.int32(), in.int32(), in.int32(), in.int32());
      case 55 -> statuses(in);
      // Of version 4.2 a test decodes the last result itself.
      case 59, 60, 62, 63, 66, 67, 68, 69, 72, 73, 74, 75 -> in.fixed(in.remaining());
      // Their results are statuses alone.
      case 7, 8, 13, 15, 16, 17, 22, 23, 24, 30, 31, 32, 36, 37, 39, 40, 44, 45, 57, 58, 71 -> null;
      default -> throw new IllegalStateException("operation " + code + " succeeded");
    };
  }

  private static Change change(XdrIn in) {
    return new Change(in.bool(), in.int64(), in.int64());
  }

  private static SessionId session(XdrIn in) {
    return new SessionId(in.int64(), in.int64());
  }

  private static Opened opened(XdrIn in) {
    StateId open = in.stateId();
    Change directory = change(in);
    int flags = in.int32();
    BitSet set = in.bitmap();
    int type = in.int32();
    int why = -1;
    StateId delegated = StateId.ANONYMOUS;
    boolean recalled = false;
    switch (type) {
      case 0 -> {}
      case 1, 2 -> {
        delegated = in.stateId();
        recalled = in.bool();
        if (type == 2) {
          in.int32();
          in.int64();
        }
        in.fixed(3 * Integer.BYTES);
        in.text();
      }
      case 3 -> {
        why = in.int32();
        if (why == 1 || why == 2) {
          in.bool();
        }
      }
      default -> throw new IllegalStateException("a delegation of " + type);
    }
    return new Opened(open, directory, flags, set, type, why, delegated, recalled);
  }

  private static Listing listing(XdrIn in) {
    long verifier = in.int64();
    var entries = new ArrayList<Entry>();
    while (in.bool()) {
      entries.add(new Entry(in.int64(), in.text(), FileAttributes.decode(in)));
    }
    return new Listing(verifier, entries, in.bool());
  }

  private static List<Integer> flavors(XdrIn in) {
    int count = in.int32();
    var flavors = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      flavors.add(in.int32());
    }
    return flavors;
  }

  private static List<Status> statuses(XdrIn in) {
    int count = in.int32();
    var statuses = new ArrayList<Status>();
    for (int i = 0; i < count; i++) {
      statuses.add(status(in));
    }
    return statuses;
  }

  private static Client exchanged(XdrIn in) {
    var client = new Client(in.int64(), in.int32(), in.int32());
    if (in.int32() != 0) {
      throw new IllegalStateException("state protection that was not asked for");
    }
    in.int64();
    in.opaque();
    in.opaque();
    for (int left = in.int32(); left > 0; left--) {
      in.text();
      in.text();
      in.int64();
      in.int32();
    }
    return client;
  }

  private static Channel channel(XdrIn in) {
    var channel =
        new Channel(in.int32(), in.int32(), in.int32(), in.int32(), in.int32(), in.int32());
    if (in.int32() != 0) {
      throw new IllegalStateException("RDMA that was not asked for");
    }
    return channel;
  }

  /** The body of the first result of operation {@code code}, as what it is known to be. */
  public <T> T of(int code, Class<T> type) {
    return results.stream()
        .filter(result -> result.code() == code)
        .map(result -> type.cast(result.body()))
        .findFirst()
        .orElseThrow();
  }

  /** The body of the last result, as what it is known to be. */
  public <T> T last(Class<T> type) {
    return type.cast(results.getLast().body());
  }

  /** This result, if everything went well. */
  public CompoundResult ok() {
    if (status != Status.OK) {
      throw new NfsFailure(status, results.isEmpty() ? -1 : results.getLast().code());
    }
    return this;
  }
}
