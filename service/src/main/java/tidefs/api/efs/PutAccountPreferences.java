package tidefs.api.efs;

import java.util.Optional;
import tidefs.api.Reply;
import tidefs.api.ServiceError;

/** PutAccountPreferences. All ids are long; nothing else can be chosen. */
record PutAccountPreferences() implements EfsOperation {
  @Override
  public Route route() {
    return new Route("PutAccountPreferences", "PUT", "/account-preferences");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError {
    Members in = request.body();
    in.require("ResourceIdType");
    Optional<String> type = in.choice("ResourceIdType", AccountPreferences.ID_TYPES);
    request.refuseIfInvalid();
    if (!type.equals(Optional.of(AccountPreferences.LONG_ID))) {
      throw new ServiceError(400, "BadRequest", "Short resource IDs are not available any more.");
    }
    return Json.reply(200, AccountPreferences.json());
  }
}
