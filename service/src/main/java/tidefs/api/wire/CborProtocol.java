package tidefs.api.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import tidefs.api.Exchange;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;

/**
 * Smithy RPC v2 CBOR: the operation in the path, the rest in a CBOR map.
 *
 * @param pathPrefix what comes before the operation in the path
 */
public record CborProtocol(String pathPrefix) implements Protocol {
  private static final String CBOR = "application/cbor";
  private static final String PROTOCOL_HEADER = "smithy-protocol";
  private static final String PROTOCOL = "rpc-v2-cbor";

  /** The protocol of a service with this name in its model. */
  public static CborProtocol ofService(String name) {
    return new CborProtocol("/service/" + name + "/operation/");
  }

  @Override
  public boolean carries(Exchange exchange) {
    return exchange.header(PROTOCOL_HEADER).orElse("").equals(PROTOCOL)
        && exchange.rawPath().startsWith(pathPrefix);
  }

  @Override
  public Call decode(Exchange exchange) throws ServiceError {
    String operation = exchange.rawPath().substring(pathPrefix.length());
    if (exchange.body().length == 0) {
      return new Call(operation, Structure.EMPTY);
    }
    if (CborReader.read(exchange.body()) instanceof Structure input) {
      return new Call(operation, input);
    }
    throw ServiceError.serialization("The request's body is not a CBOR map.");
  }

  @Override
  public Reply encode(Call call, Structure output, Exchange exchange) {
    return Reply.of(200, CBOR, CborWriter.write(output)).with(PROTOCOL_HEADER, PROTOCOL);
  }

  @Override
  public Reply error(ServiceError error, String shape, Exchange exchange) {
    Map<String, Datum> members = new LinkedHashMap<>();
    members.put("__type", new Datum.Text(shape));
    members.put("message", new Datum.Text(error.message()));
    return Reply.of(error.status(), CBOR, CborWriter.write(new Structure(members)))
        .with(PROTOCOL_HEADER, PROTOCOL)
        .with("x-amzn-query-error", error.code() + ";" + Protocol.fault(error));
  }
}
