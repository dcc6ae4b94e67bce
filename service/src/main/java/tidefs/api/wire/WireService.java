package tidefs.api.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tidefs.api.Exchange;
import tidefs.api.Limits;
import tidefs.api.Reply;
import tidefs.api.Service;
import tidefs.api.ServiceError;
import tidefs.iam.Caller;

/** A service whose operations are offered by several protocols at once. */
public final class WireService implements Service {
  private final String signingName;
  private final List<Protocol> protocols;
  private final Map<String, Operation> operations = new HashMap<>();
  private final Map<String, String> errorShapes;

  /**
   * A service.
   *
   * @param protocols the last is that of requests that no other carries
   * @param errorShapes the names of error shapes, by error code, where they differ
   */
  public WireService(
      String signingName,
      List<Protocol> protocols,
      List<Operation> operations,
      Map<String, String> errorShapes) {
    this.signingName = signingName;
    this.protocols = List.copyOf(protocols);
    this.errorShapes = Map.copyOf(errorShapes);
    operations.forEach(each -> this.operations.put(each.name(), each));
  }

  @Override
  public String signingName() {
    return signingName;
  }

  @Override
  public boolean resembles(Exchange exchange) {
    return protocols.size() > 1
        && protocols.stream()
            .limit(protocols.size() - 1L)
            .anyMatch(protocol -> protocol.carries(exchange));
  }

  private Protocol protocol(Exchange exchange) {
    return protocols.stream()
        .filter(protocol -> protocol.carries(exchange))
        .findFirst()
        .orElse(protocols.getLast());
  }

  @Override
  public Reply serve(Exchange exchange, Caller caller) throws ServiceError {
    Exchange plain = decompressed(exchange);
    Protocol protocol = protocol(plain);
    Protocol.Call call = protocol.decode(plain);
    Operation operation = operations.get(call.operation());
    if (operation == null) {
      throw new ServiceError(
          400, "InvalidAction", "The operation '" + call.operation() + "' is not known here.");
    }
    return protocol.encode(call, operation.perform(Input.of(call.input())), plain);
  }

  @Override
  public Reply render(ServiceError error, Exchange exchange) {
    String shape = errorShapes.getOrDefault(error.code(), error.code());
    return protocol(exchange).error(error, shape, exchange);
  }

  private static Exchange decompressed(Exchange exchange) throws ServiceError {
    if (!exchange.header("content-encoding").orElse("").equals("gzip")) {
      return exchange;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(exchange.body()))) {
      byte[] body = in.readNBytes(Limits.BODY_BYTES + 1);
      if (body.length > Limits.BODY_BYTES) {
        throw new ServiceError(
            413, "RequestEntityTooLargeException", "The request is too large, decompressed.");
      }
      return new Exchange(
          exchange.remoteAddress(),
          exchange.method(),
          exchange.rawPath(),
          exchange.query(),
          exchange.headers(),
          body,
          exchange.requestId());
    } catch (IOException e) {
      throw ServiceError.serialization("The request's body is not well-formed gzip.");
    }
  }
}
