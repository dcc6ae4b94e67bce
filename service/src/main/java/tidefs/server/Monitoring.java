package tidefs.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tidefs.api.Exchange;
import tidefs.api.OpenPage;
import tidefs.api.Reply;
import tidefs.api.Service;
import tidefs.api.ServiceError;
import tidefs.api.cloudwatch.CloudWatch;
import tidefs.api.sns.Sns;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.control.Account;
import tidefs.control.Control;
import tidefs.control.alarm.AlarmPlace;
import tidefs.control.alarm.Alarms;
import tidefs.control.notify.MailSettings;
import tidefs.control.notify.Topics;
import tidefs.fs.throughput.Profile;
import tidefs.iam.Caller;
import tidefs.metrics.EfsMetrics;
import tidefs.metrics.JvmMetrics;
import tidefs.metrics.KeyValueStore;
import tidefs.metrics.MetricArchive;
import tidefs.metrics.PrometheusSource;
import tidefs.metrics.PrometheusText;
import tidefs.metrics.Sample;

/** Metering, metrics, alarms and topics, wired together. */
final class Monitoring implements AutoCloseable {
  private static final Caller ANYONE = new Caller("", "", "");
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int TEN_SECONDS = 10;

  private final MetricArchive archive;
  private final EfsMetrics metrics;
  private final Metering metering;
  private final MeteredSizes sizes;
  private final Alarms alarms;
  private final Topics topics;
  private final Service sns;
  private final Clock clock;
  private final List<PrometheusSource> more = new CopyOnWriteArrayList<>();
  private long ten;

  Monitoring(Setup setup) {
    clock = setup.clock;
    archive = new MetricArchive(setup.store);
    metrics = new EfsMetrics(archive, clock);
    metering = new Metering(setup.profile, setup.store, metrics, clock);
    sizes = new MeteredSizes(setup.store);
    topics =
        new Topics(
            new Topics.Setup(
                setup.account,
                setup.store,
                setup.background,
                clock,
                setup.chance,
                setup.apiUrl,
                setup.mail));
    AlarmPlace place = new AlarmPlace(setup.account.id(), setup.account.region());
    alarms = new Alarms(archive, setup.store, place, topics, clock);
    sns = Sns.over(topics);
  }

  /** What monitoring stands on. */
  record Setup(
      Profile profile,
      KeyValueStore store,
      Account account,
      Background background,
      Clock clock,
      Chance chance,
      String apiUrl,
      Optional<MailSettings> mail) {}

  /** Adds to the metrics; false if there is no room. */
  boolean put(List<Sample> samples) {
    try {
      archive.put(samples);
      return true;
    } catch (MetricArchive.FullException e) {
      return false;
    }
  }

  /** What NFS asks. */
  Metering metering() {
    return metering;
  }

  /** What file systems were last metered at. */
  MeteredSizes sizes() {
    return sizes;
  }

  /** The services of the API. */
  List<Service> services() {
    return List.of(CloudWatch.over(archive, alarms, clock), sns);
  }

  /** What the API answers without a signature. */
  OpenPage openPages() {
    return exchange ->
        exchange.rawPath().equals("/metrics") ? Optional.of(prometheus()) : confirmation(exchange);
  }

  /** Lets Prometheus ask {@code source}, too. */
  void show(PrometheusSource source) {
    more.add(source);
  }

  /** Begins to measure, every second, and to evaluate alarms when their time has come. */
  void start(Control control, Background background) {
    background.every(
        TICK,
        () -> {
          follow(control);
          if (isNextTen()) {
            alarms.tickHighResolution();
          }
          if (metrics.tick()) {
            metering.saveCredits();
            alarms.tick();
          }
        });
  }

  private boolean isNextTen() {
    long before = ten;
    ten = Math.floorDiv(clock.now().getEpochSecond(), TEN_SECONDS);
    return ten != before;
  }

  private void follow(Control control) {
    control.fileSystems().existing(metering.ids()).forEach(metering::settings);
  }

  private Reply prometheus() {
    PrometheusText text = new PrometheusText();
    metrics.write(text);
    metering.operations().write(text);
    more.forEach(each -> each.write(text));
    new JvmMetrics().write(text);
    return Reply.of(
        200, PrometheusText.CONTENT_TYPE, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A subscriber confirms with the token that he was sent, and ends with his subscription's ARN.
   */
  private Optional<Reply> confirmation(Exchange exchange) {
    String action = exchange.query().first("Action").orElse("");
    boolean open =
        exchange.method().equals("GET")
            && (action.equals("ConfirmSubscription") || action.equals("Unsubscribe"));
    if (!open) {
      return Optional.empty();
    }
    try {
      return Optional.of(sns.serve(exchange, ANYONE));
    } catch (ServiceError e) {
      return Optional.of(sns.render(e, exchange));
    }
  }

  @Override
  public void close() {
    metering.close();
  }
}
