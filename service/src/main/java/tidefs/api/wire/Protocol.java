package tidefs.api.wire;

import tidefs.api.Exchange;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;

/** How requests and replies are written. */
public sealed interface Protocol permits QueryProtocol, JsonProtocol, CborProtocol {
  /** A request: which operation, and with what. */
  record Call(String operation, Structure input) {}

  /** Whether a request is written so. */
  boolean carries(Exchange exchange);

  /** Reads a request. */
  Call decode(Exchange exchange) throws ServiceError;

  /** Writes a reply. */
  Reply encode(Call call, Structure output, Exchange exchange);

  /** Writes an error; {@code shape} is its name where this differs from its code. */
  Reply error(ServiceError error, String shape, Exchange exchange);

  /** Who is at fault, as clients are told. */
  static String fault(ServiceError error) {
    return error.status() < 500 ? "Sender" : "Receiver";
  }
}
