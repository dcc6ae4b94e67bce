package tidefs.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidefs.api.cloudwatch.CloudWatch;
import tidefs.base.Chance;
import tidefs.control.alarm.AlarmPlace;
import tidefs.control.alarm.Alarms;
import tidefs.iam.Caller;
import tidefs.iam.identity.Identities;
import tidefs.iam.identity.IdentityRefusal;
import tidefs.iam.identity.IdentityStore;
import tidefs.iam.identity.Seal;
import tidefs.metrics.MetricArchive;
import tidefs.testkit.ControlPlane;
import tidefs.testkit.ManualClock;
import tidefs.testkit.MemoryKeyValueStore;

/** CloudWatch and SNS as users with policies see them. */
final class GuardedTest {
  private static final String READ_ONLY =
      "arn:aws:iam::aws:policy/AmazonElasticFileSystemReadOnlyAccess";

  private final ManualClock clock = new ManualClock();
  private final MemoryKeyValueStore store = new MemoryKeyValueStore();
  private final MetricArchive archive = new MetricArchive(store);
  private final Alarms alarms =
      new Alarms(
          archive,
          store,
          new AlarmPlace(ControlPlane.ACCOUNT, ControlPlane.REGION),
          (_, _, _) -> "",
          clock);
  private final Identities identities =
      new Identities(
          ControlPlane.ACCOUNT,
          new Forgetful(),
          new Seal(new byte[Seal.KEY_BYTES], Chance.system()),
          clock,
          Chance.system());

  private static final class Forgetful implements IdentityStore {
    @Override
    public void load(BiConsumer<String, byte[]> user) {}

    @Override
    public void put(String name, byte[] user) {}

    @Override
    public void remove(String name) {}
  }

  private final Guarded cloudWatch =
      new Guarded(CloudWatch.over(archive, alarms, clock), "cloudwatch", identities);

  @AfterEach
  void nothingHappened() {
    assertThat(alarms.all()).isEmpty();
  }

  private Reply send(
      Service service, String user, String path, Map<String, String> headers, String body) {
    Map<String, List<String>> all = new HashMap<>();
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Exchange exchange =
        new Exchange("127.0.0.1", "POST", path, Parameters.NONE, all, bytes, "request-1");
    String arn = "arn:aws:iam::" + ControlPlane.ACCOUNT + ":user/" + user;
    try {
      return service.serve(exchange, new Caller(ControlPlane.ACCOUNT, arn, "AKID"));
    } catch (ServiceError e) {
      return service.render(e, exchange);
    }
  }

  private Reply query(Service service, String user, String form) {
    return send(
        service,
        user,
        "/",
        Map.of("content-type", "application/x-www-form-urlencoded"),
        form + "&Version=2010-08-01");
  }

  private static String text(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  @Test
  void usersWithoutPermissionAreRefusedInEachProtocol() throws IdentityRefusal {
    identities.createUser("reader");
    identities.attach("reader", READ_ONLY);
    assertThat(query(cloudWatch, "reader", "Action=DescribeAlarms").status()).isEqualTo(200);

    Reply refused = query(cloudWatch, "reader", "Action=PutMetricAlarm&AlarmName=a");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(text(refused))
        .contains("<Code>AccessDenied</Code>")
        .contains(
            "User: arn:aws:iam::123456789012:user/reader is not authorized to perform:"
                + " cloudwatch:PutMetricAlarm");
    Reply json =
        send(
            cloudWatch,
            "reader",
            "/",
            Map.of("x-amz-target", "GraniteServiceVersion20100801.DeleteAlarms"),
            "{}");
    assertThat(json.status()).isEqualTo(403);
    assertThat(json.headers()).containsEntry("x-amzn-query-error", "AccessDenied;Sender");
    assertThat(text(json)).contains("\"__type\":\"AccessDeniedException\"");
    Reply cbor =
        send(
            cloudWatch,
            "reader",
            "/service/GraniteServiceVersion20100801/operation/PutMetricData",
            Map.of("smithy-protocol", "rpc-v2-cbor"),
            "");
    assertThat(cbor.status()).isEqualTo(403);
    assertThat(text(cbor)).contains("AccessDeniedException");
  }

  @Test
  void usersWithoutAnyPolicyMayNothing() throws IdentityRefusal {
    identities.createUser("nobody");
    for (String action : List.of("GetMetricStatistics", "ListMetrics", "DescribeAlarms")) {
      assertThat(text(query(cloudWatch, "nobody", "Action=" + action))).contains("AccessDenied");
    }
  }

  @Test
  void topicsAreGuardedToo() throws IdentityRefusal {
    identities.createUser("reader");
    identities.attach("reader", READ_ONLY);
    Guarded sns = new Guarded(new Reached(cloudWatch), "sns", identities);
    for (String action : List.of("CreateTopic", "Subscribe", "Publish", "DeleteTopic")) {
      Reply refused = query(sns, "reader", "Action=" + action);
      assertThat(refused.status()).as(action).isEqualTo(403);
      assertThat(text(refused))
          .contains("<Code>AuthorizationError</Code>")
          .contains("sns:" + action);
    }
    identities.putPolicy(
        "reader",
        "publish",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sns:Publish\",\"Resource\":\"*\"}}");
    assertThat(query(sns, "reader", "Action=Publish").status()).isEqualTo(299);
    assertThat(query(sns, "reader", "Action=DeleteTopic").status()).isEqualTo(403);
  }

  /** Tells that it was reached. */
  private record Reached(Service renders) implements Service {
    @Override
    public String signingName() {
      return "sns";
    }

    @Override
    public boolean resembles(Exchange exchange) {
      return true;
    }

    @Override
    public Reply serve(Exchange exchange, Caller caller) {
      return Reply.of(299, "text/plain", new byte[0]);
    }

    @Override
    public Reply render(ServiceError error, Exchange exchange) {
      return renders.render(error, exchange);
    }
  }
}
