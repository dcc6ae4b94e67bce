package tidefs.api.efs;

import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** ResourceIdPreference: since October 2021 the ids of every account are long. */
final class AccountPreferences {
  static final String LONG_ID = "LONG_ID";

  static final Map<String, String> ID_TYPES =
      Shapes.named(new String[] {LONG_ID, "SHORT_ID"}, type -> type);

  private AccountPreferences() {}

  static ObjectNode json() {
    ObjectNode out = Json.object();
    ObjectNode preference = out.putObject("ResourceIdPreference");
    preference.put("ResourceIdType", LONG_ID);
    preference.putArray("Resources").add("FILE_SYSTEM").add("MOUNT_TARGET");
    return out;
  }
}
