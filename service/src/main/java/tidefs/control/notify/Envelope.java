package tidefs.control.notify;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is sent to an endpoint ("Parsing Amazon SNS message formats"). It is not signed: the members
 * of the signature are there and empty.
 */
record Envelope(String type, String messageId, String body) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static Envelope notification(
      String id, String topicArn, String subject, String message, Instant now, String unsubscribe) {
    ObjectNode out = start("Notification", id, topicArn);
    if (!subject.isEmpty()) {
      out.put("Subject", subject);
    }
    out.put("Message", message);
    end(out, now).put("UnsubscribeURL", unsubscribe);
    return new Envelope("Notification", id, out.toString());
  }

  static Envelope confirmation(String id, Subscription to, Instant now, String subscribe) {
    ObjectNode out = start("SubscriptionConfirmation", id, to.topicArn());
    out.put("Token", to.token());
    out.put(
        "Message",
        "You have chosen to subscribe to the topic "
            + to.topicArn()
            + ".\nTo confirm the subscription, visit the SubscribeURL included in this message.");
    out.put("SubscribeURL", subscribe);
    return new Envelope("SubscriptionConfirmation", id, end(out, now).toString());
  }

  private static ObjectNode start(String type, String id, String topicArn) {
    return JSON.createObjectNode().put("Type", type).put("MessageId", id).put("TopicArn", topicArn);
  }

  private static ObjectNode end(ObjectNode out, Instant now) {
    return out.put("Timestamp", now.truncatedTo(ChronoUnit.MILLIS).toString())
        .put("SignatureVersion", "1")
        .put("Signature", "")
        .put("SigningCertURL", "");
  }
}
