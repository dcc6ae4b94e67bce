package tidefs.control.notify;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.ReentrantLock;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.control.Account;
import tidefs.control.Later;
import tidefs.control.alarm.AlarmActions;
import tidefs.control.notify.NotifyRefusal.Reason;
import tidefs.control.notify.Subscription.Channel;
import tidefs.metrics.KeyValueStore;
import tidefs.metrics.KeyValueStore.Change;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All topics and their subscriptions, kept in a store. For concurrent use. */
public final class Topics implements AlarmActions {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte TOPIC = 't';
  private static final byte SUBSCRIPTION = 'u';
  private static final int ID_BYTES = 16;
  private static final int TOKEN_BYTES = 32;

  private final Setup setup;
  private final Deliveries deliveries;
  private final NavigableSet<String> topics = new ConcurrentSkipListSet<>();
  private final NavigableMap<String, Subscription> subscriptions = new ConcurrentSkipListMap<>();
  private final ReentrantLock changing = new ReentrantLock();

  /**
   * What topics stand on.
   *
   * @param store where keys that begin with t, u and q are theirs
   * @param mail through whom e-mail is sent; none refuses subscriptions by e-mail
   * @param apiUrl where endpoints confirm their subscriptions
   */
  public record Setup(
      Account account,
      KeyValueStore store,
      Later later,
      Clock clock,
      Chance chance,
      String apiUrl,
      Optional<MailSettings> mail) {}

  /** The topics in a store. */
  public Topics(Setup setup) {
    this.setup = setup;
    deliveries = new Deliveries(setup.later, setup.store, setup.mail.map(Mail::new));
    setup.store.scan(
        new byte[] {TOPIC},
        new byte[] {TOPIC + 1},
        (key, _) -> topics.add(new String(key, 1, key.length - 1, StandardCharsets.UTF_8)));
    setup.store.scan(
        new byte[] {SUBSCRIPTION},
        new byte[] {SUBSCRIPTION + 1},
        (_, value) -> {
          Subscription subscription = decode(value);
          subscriptions.put(subscription.arn(), subscription);
        });
    deliveries.resume(subscriptions);
  }

  /** The ARN of a topic. */
  public String arn(String topic) {
    return "arn:aws:sns:" + setup.account.region() + ":" + setup.account.id() + ":" + topic;
  }

  /** Creates a topic, if it does not exist; its ARN. */
  public String create(String name) throws NotifyRefusal {
    if (!name.matches("[A-Za-z0-9_-]{1,256}")) {
      throw new NotifyRefusal(Reason.INVALID, "Invalid parameter: Topic Name");
    }
    changing.lock();
    try {
      if (!topics.contains(name)) {
        if (topics.size() >= NotifyLimits.TOPICS) {
          throw new NotifyRefusal(Reason.LIMIT_EXCEEDED, "There are too many topics already.");
        }
        put(key(TOPIC, name), new byte[] {1});
        topics.add(name);
      }
      return arn(name);
    } finally {
      changing.unlock();
    }
  }

  /** Deletes a topic and its subscriptions, if it exists. */
  public void delete(String topicArn) {
    changing.lock();
    try {
      List<Change> changes = new ArrayList<>();
      for (Subscription each : subscriptionsOf(topicArn)) {
        changes.add(new Change(key(SUBSCRIPTION, each.id()), null));
        subscriptions.remove(each.arn());
      }
      name(topicArn)
          .ifPresent(name -> {
            changes.add(new Change(key(TOPIC, name), null));
            topics.remove(name);
          });
      setup.store.applyDurably(changes);
    } finally {
      changing.unlock();
    }
  }

  /** The ARNs of all topics, in order. */
  public List<String> arns() {
    return topics.stream().map(this::arn).toList();
  }

  /** All subscriptions by their ARNs. */
  public NavigableMap<String, Subscription> subscriptions() {
    return subscriptions;
  }

  /** The subscriptions of a topic. */
  public List<Subscription> subscriptionsOf(String topicArn) {
    return subscriptions.values().stream()
        .filter(each -> each.topicArn().equals(topicArn))
        .toList();
  }

  /** Subscribes an endpoint, which is asked to confirm it unless it is a webhook. */
  public Subscription subscribe(String topicArn, Channel channel, String endpoint, boolean raw)
      throws NotifyRefusal {
    requireTopic(topicArn);
    requireAddress(channel, endpoint);
    Subscription made;
    changing.lock();
    try {
      for (Subscription each : subscriptionsOf(topicArn)) {
        if (each.channel() == channel && each.endpoint().equals(endpoint)) {
          return each;
        }
      }
      if (subscriptions.size() >= NotifyLimits.SUBSCRIPTIONS) {
        throw new NotifyRefusal(Reason.LIMIT_EXCEEDED, "There are too many subscriptions already.");
      }
      boolean webhook = channel == Channel.WEBHOOK;
      made =
          new Subscription(
              uuid(), topicArn, channel, endpoint, hex(TOKEN_BYTES), webhook, raw || webhook);
      keep(made);
    } finally {
      changing.unlock();
    }
    if (!made.confirmed()) {
      String confirm =
          setup.apiUrl
              + "/?Action=ConfirmSubscription&TopicArn="
              + URLEncoder.encode(topicArn, StandardCharsets.UTF_8)
              + "&Token="
              + made.token();
      deliveries.send(
          made,
          Envelope.confirmation(uuid(), made, setup.clock.now(), confirm),
          new Deliveries.Letter(
              "Subscription Confirmation",
              "You have chosen to subscribe to the topic:\n"
                  + topicArn
                  + "\n\nTo confirm this subscription, visit:\n"
                  + confirm
                  + "\n"));
    }
    return made;
  }

  private void requireAddress(Channel channel, String endpoint) throws NotifyRefusal {
    boolean fits =
        switch (channel) {
          case HTTP -> scheme(endpoint).equals("http");
          case HTTPS -> scheme(endpoint).equals("https");
          case WEBHOOK -> scheme(endpoint).matches("https?");
          case EMAIL -> setup.mail.isPresent() && Mail.isAddress(endpoint);
        };
    if (!fits || endpoint.length() > NotifyLimits.ENDPOINT_CHARACTERS) {
      boolean noRelay = channel == Channel.EMAIL && setup.mail.isEmpty();
      throw new NotifyRefusal(
          Reason.INVALID,
          noRelay
              ? "Invalid parameter: Protocol: this server has no relay for e-mail"
              : "Invalid parameter: Endpoint must match the specified protocol");
    }
  }

  private static String scheme(String endpoint) {
    try {
      return String.valueOf(URI.create(endpoint).getScheme());
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** Confirms a subscription by its token; its ARN. */
  public String confirm(String topicArn, String token) throws NotifyRefusal {
    requireTopic(topicArn);
    changing.lock();
    try {
      for (Subscription each : subscriptionsOf(topicArn)) {
        if (each.token().equals(token)) {
          keep(each.confirm());
          return each.arn();
        }
      }
    } finally {
      changing.unlock();
    }
    throw new NotifyRefusal(Reason.INVALID, "Invalid parameter: Token");
  }

  /** Ends a subscription, if it exists. */
  public void unsubscribe(String subscriptionArn) {
    changing.lock();
    try {
      Subscription gone = subscriptions.remove(subscriptionArn);
      if (gone != null) {
        setup.store.applyDurably(List.of(new Change(key(SUBSCRIPTION, gone.id()), null)));
      }
    } finally {
      changing.unlock();
    }
  }

  /** Sends a message to whoever has subscribed and confirmed; the message's id. */
  public String publish(String topicArn, String subject, String message) throws NotifyRefusal {
    requireTopic(topicArn);
    String id = uuid();
    for (Subscription each : subscriptionsOf(topicArn)) {
      if (each.confirmed()) {
        String unsubscribe =
            setup.apiUrl
                + "/?Action=Unsubscribe&SubscriptionArn="
                + URLEncoder.encode(each.arn(), StandardCharsets.UTF_8);
        deliveries.send(
            each,
            Envelope.notification(id, topicArn, subject, message, setup.clock.now(), unsubscribe),
            new Deliveries.Letter(subject, message));
      }
    }
    return id;
  }

  @Override
  public String perform(String action, String subject, String message) {
    try {
      publish(action, subject, message);
      return "";
    } catch (NotifyRefusal e) {
      return e.message();
    }
  }

  private Optional<String> name(String topicArn) {
    String prefix = arn("");
    return topicArn.startsWith(prefix) && topics.contains(topicArn.substring(prefix.length()))
        ? Optional.of(topicArn.substring(prefix.length()))
        : Optional.empty();
  }

  private void requireTopic(String topicArn) throws NotifyRefusal {
    if (name(topicArn).isEmpty()) {
      throw new NotifyRefusal(Reason.NOT_FOUND, "Topic does not exist");
    }
  }

  private void keep(Subscription subscription) {
    byte[] value =
        JSON.createObjectNode()
            .put("format", 1)
            .put("id", subscription.id())
            .put("topic", subscription.topicArn())
            .put("channel", subscription.channel().name())
            .put("endpoint", subscription.endpoint())
            .put("token", subscription.token())
            .put("confirmed", subscription.confirmed())
            .put("raw", subscription.raw())
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    put(key(SUBSCRIPTION, subscription.id()), value);
    subscriptions.put(subscription.arn(), subscription);
  }

  private static Subscription decode(byte[] value) {
    JsonNode in = JSON.readTree(value);
    return new Subscription(
        in.path("id").asString(),
        in.path("topic").asString(),
        Channel.valueOf(in.path("channel").asString()),
        in.path("endpoint").asString(),
        in.path("token").asString(),
        in.path("confirmed").asBoolean(),
        in.path("raw").asBoolean());
  }

  private void put(byte[] key, byte[] value) {
    setup.store.applyDurably(List.of(new Change(key, value)));
  }

  private static byte[] key(byte kind, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] key = new byte[1 + bytes.length];
    key[0] = kind;
    System.arraycopy(bytes, 0, key, 1, bytes.length);
    return key;
  }

  private String hex(int length) {
    byte[] bytes = new byte[length];
    setup.chance.fill(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private String uuid() {
    String hex = hex(ID_BYTES);
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20));
  }
}
