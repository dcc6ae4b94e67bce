package tidefs.api.sns;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tidefs.api.Service;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.api.wire.QueryProtocol;
import tidefs.api.wire.WireService;
import tidefs.control.notify.NotifyLimits;
import tidefs.control.notify.NotifyRefusal;
import tidefs.control.notify.Subscription;
import tidefs.control.notify.Subscription.Channel;
import tidefs.control.notify.Topics;

/** The SNS API over topics. Its operations are few and small: they are all here. */
public final class Sns {
  private static final int ARN_CHARACTERS = 1_024;

  private final Topics topics;

  private Sns(Topics topics) {
    this.topics = topics;
  }

  @FunctionalInterface
  private interface Body {
    Structure perform(Input in) throws ServiceError, NotifyRefusal;
  }

  private record Named(String name, Body body) implements Operation {
    @Override
    public Structure perform(Input in) throws ServiceError {
      try {
        return body.perform(in);
      } catch (NotifyRefusal e) {
        throw switch (e.reason()) {
          case NOT_FOUND -> new ServiceError(404, "NotFound", e.message());
          case INVALID -> new ServiceError(400, "InvalidParameter", e.message());
          case LIMIT_EXCEEDED -> new ServiceError(403, "TopicLimitExceeded", e.message());
        };
      }
    }
  }

  /** The service over topics. */
  public static Service over(Topics topics) {
    Sns sns = new Sns(topics);
    return new WireService(
        "sns",
        List.of(new QueryProtocol("http://sns.amazonaws.com/doc/2010-03-31/")),
        List.of(
            new Named("CreateTopic", sns::createTopic),
            new Named("DeleteTopic", sns::deleteTopic),
            new Named("ListTopics", sns::listTopics),
            new Named("Subscribe", sns::subscribe),
            new Named("ConfirmSubscription", sns::confirmSubscription),
            new Named("Unsubscribe", sns::unsubscribe),
            new Named("ListSubscriptions", sns::listSubscriptions),
            new Named("ListSubscriptionsByTopic", sns::listSubscriptionsByTopic),
            new Named("Publish", sns::publish)),
        Map.of());
  }

  private Structure createTopic(Input in) throws ServiceError, NotifyRefusal {
    String name = in.requiredText("Name", ARN_CHARACTERS);
    return Structure.with().put("TopicArn", topics.create(name)).end();
  }

  private Structure deleteTopic(Input in) throws ServiceError {
    topics.delete(in.requiredText("TopicArn", ARN_CHARACTERS));
    return Structure.EMPTY;
  }

  private Structure listTopics(Input in) {
    List<Datum> found = new ArrayList<>();
    for (String arn : topics.arns()) {
      found.add(Structure.with().put("TopicArn", arn).end());
    }
    return Structure.with().put("Topics", found).end();
  }

  private Structure subscribe(Input in) throws ServiceError, NotifyRefusal {
    String protocol = in.requiredText("Protocol", ARN_CHARACTERS);
    Channel channel = null;
    for (Channel each : Channel.values()) {
      channel = each.wireName().equals(protocol) ? each : channel;
    }
    if (channel == null) {
      throw new ServiceError(
          400,
          "InvalidParameter",
          "Invalid parameter: Protocol: this server knows http, https, email and webhook");
    }
    Subscription made =
        topics.subscribe(
            in.requiredText("TopicArn", ARN_CHARACTERS),
            channel,
            in.requiredText("Endpoint", NotifyLimits.ENDPOINT_CHARACTERS),
            in.entries("Attributes").getOrDefault("RawMessageDelivery", "").equals("true"));
    boolean told = made.confirmed() || in.flag("ReturnSubscriptionArn").orElse(false);
    return Structure.with()
        .put("SubscriptionArn", told ? made.arn() : "pending confirmation")
        .end();
  }

  private Structure confirmSubscription(Input in) throws ServiceError, NotifyRefusal {
    String arn =
        topics.confirm(
            in.requiredText("TopicArn", ARN_CHARACTERS), in.requiredText("Token", ARN_CHARACTERS));
    return Structure.with().put("SubscriptionArn", arn).end();
  }

  private Structure unsubscribe(Input in) throws ServiceError {
    topics.unsubscribe(in.requiredText("SubscriptionArn", ARN_CHARACTERS));
    return Structure.EMPTY;
  }

  private Structure listSubscriptions(Input in) {
    return of(List.copyOf(topics.subscriptions().values()));
  }

  private Structure listSubscriptionsByTopic(Input in) throws ServiceError {
    return of(topics.subscriptionsOf(in.requiredText("TopicArn", ARN_CHARACTERS)));
  }

  private Structure of(List<Subscription> subscriptions) {
    List<Datum> found = new ArrayList<>();
    for (Subscription each : subscriptions) {
      found.add(
          Structure.with()
              .put("SubscriptionArn", each.confirmed() ? each.arn() : "PendingConfirmation")
              .put("Owner", each.topicArn().split(":", -1)[4])
              .put("Protocol", each.channel().wireName())
              .put("Endpoint", each.endpoint())
              .put("TopicArn", each.topicArn())
              .end());
    }
    return Structure.with().put("Subscriptions", found).end();
  }

  private Structure publish(Input in) throws ServiceError, NotifyRefusal {
    String arn =
        in.has("TopicArn")
            ? in.requiredText("TopicArn", ARN_CHARACTERS)
            : in.requiredText("TargetArn", ARN_CHARACTERS);
    String id =
        topics.publish(
            arn,
            in.text("Subject", NotifyLimits.SUBJECT_CHARACTERS).orElse(""),
            in.requiredText("Message", NotifyLimits.MESSAGE_BYTES));
    return Structure.with().put("MessageId", id).end();
  }
}
