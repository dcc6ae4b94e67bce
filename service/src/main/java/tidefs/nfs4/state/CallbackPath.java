package tidefs.nfs4.state;

import java.util.concurrent.CompletableFuture;

/** The back channel of a session, over which the server calls the client (RFC 8881 §2.10.3.1). */
public interface CallbackPath {
  /** Whether a call is likely to arrive. */
  boolean isUp();

  /** Bits of sr_status_flags that tell the client what is wrong with the path. */
  int statusFlags();

  /** CB_RECALL; the answer goes to {@link Delegation#recallAnswered}. From any thread. */
  void recall(Delegation delegation);

  /** CB_OFFLOAD: a copy has ended; the answer goes to it. From any thread. */
  void offloaded(Offload offload);

  /**
   * What a file has become in the memory of the client that may write it.
   *
   * @param change its change attribute, as the client counts it on
   * @param size its size
   */
  record HeldAttributes(long change, long size) {}

  /** CB_GETATTR; fails if the client cannot say. From any thread. */
  CompletableFuture<HeldAttributes> attributes(Delegation delegation);
}
