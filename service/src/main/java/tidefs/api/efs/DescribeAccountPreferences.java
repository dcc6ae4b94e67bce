package tidefs.api.efs;

import tidefs.api.Reply;

/** DescribeAccountPreferences. */
record DescribeAccountPreferences() implements EfsOperation {
  @Override
  public Route route() {
    return new Route("DescribeAccountPreferences", "GET", "/account-preferences");
  }

  @Override
  public Reply perform(EfsRequest request) {
    return Json.reply(200, AccountPreferences.json());
  }
}
