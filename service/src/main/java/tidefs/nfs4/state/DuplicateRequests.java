package tidefs.nfs4.state;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The replies to the last requests of 4.0 that changed names and that no owner's sequence number
 * protects (CREATE, LINK, REMOVE, RENAME): a request that comes again, because a connection broke
 * before its reply, is answered with the same reply and not performed again (RFC 7530 §3.1.1).
 */
public final class DuplicateRequests {
  private final Map<Key, CompletableFuture<byte[]>> replies = new Eldest();

  /**
   * What a repeated request has in common with the first.
   *
   * @param client the address that it came from; the port may have changed
   * @param xid the transaction that the client chose
   * @param fingerprint a checksum of the request
   */
  public record Key(InetAddress client, int xid, int fingerprint) {}

  private static final class Eldest extends LinkedHashMap<Key, CompletableFuture<byte[]>> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, CompletableFuture<byte[]>> eldest) {
      return size() > Limits.DUPLICATE_REQUESTS;
    }
  }

  /**
   * Begins a request, to be ended with {@link #end} or {@link #abandon}.
   *
   * @return null if it is new; else the reply to the first one, once there is one
   */
  public synchronized @Nullable CompletableFuture<byte[]> begin(Key key) {
    CompletableFuture<byte[]> known = replies.get(key);
    if (known == null) {
      replies.put(key, new CompletableFuture<>());
    }
    return known;
  }

  /** The request's reply, the caller's no more, leaves now. */
  public void end(Key key, byte[] reply) {
    CompletableFuture<byte[]> known;
    synchronized (this) {
      known = replies.get(key);
    }
    if (known != null) {
      known.complete(reply);
    }
  }

  /** The request will never be answered: it may be tried again. */
  public synchronized void abandon(Key key) {
    replies.remove(key);
  }
}
