package tidefs.rpc;

import io.netty.channel.ChannelPipeline;
import java.util.Optional;

/** What becomes of a connection whose client begins with a TLS handshake. */
public interface TlsPolicy {
  /** There is no TLS: such connections are closed. */
  TlsPolicy REFUSE = _ -> Optional.of("the client speaks TLS, which is not configured");

  /**
   * Puts what decrypts first into {@code pipeline}; the client's first bytes will be read by it.
   *
   * @return nothing, or the constant text why the connection is closed instead
   */
  Optional<String> begin(ChannelPipeline pipeline);
}
