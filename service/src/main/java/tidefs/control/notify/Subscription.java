package tidefs.control.notify;

/**
 * Who is told what is published to a topic.
 *
 * @param id the last part of its ARN
 * @param endpoint an HTTP or HTTPS address, or that of a mailbox
 * @param token what the endpoint confirms the subscription with
 * @param raw whether only the message itself is sent, without an envelope
 */
public record Subscription(
    String id,
    String topicArn,
    Channel channel,
    String endpoint,
    String token,
    boolean confirmed,
    boolean raw) {
  /** How a message reaches the endpoint. */
  public enum Channel {
    HTTP("http"),
    HTTPS("https"),
    /** A letter to a mailbox. */
    EMAIL("email"),
    /** Ours: an HTTP endpoint that gets bare messages and needs not confirm. */
    WEBHOOK("webhook");

    private final String wireName;

    Channel(String wireName) {
      this.wireName = wireName;
    }

    /** The name in the API. */
    public String wireName() {
      return wireName;
    }
  }

  /** Its ARN. */
  public String arn() {
    return topicArn + ":" + id;
  }

  Subscription confirm() {
    return new Subscription(id, topicArn, channel, endpoint, token, true, raw);
  }
}
