package tidefs.api.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import tidefs.api.Exchange;
import tidefs.api.Parameters;
import tidefs.api.Reply;
import tidefs.api.Service;
import tidefs.api.ServiceError;
import tidefs.control.alarm.AlarmPlace;
import tidefs.control.alarm.Alarms;
import tidefs.iam.Caller;
import tidefs.metrics.MetricArchive;
import tidefs.testkit.ManualClock;
import tidefs.testkit.MemoryKeyValueStore;

/** The same operations through the three protocols. The clock stands at 2026-11-22T08:00:00Z. */
final class CloudWatchTest {
  private static final String NAMESPACE = "Namespace=Shop&";
  private static final String TIMES =
      "&StartTime=2026-11-22T07%3A00%3A00Z&EndTime=2026-11-22T08%3A00%3A00Z";

  private final ManualClock clock = new ManualClock();
  private final MemoryKeyValueStore store = new MemoryKeyValueStore();
  private final MetricArchive archive = new MetricArchive(store);
  private final Alarms alarms =
      new Alarms(
          archive, store, new AlarmPlace("123456789012", "us-east-1"), (_, _, _) -> "", clock);
  private final Service service = CloudWatch.over(archive, alarms, clock);

  private Reply send(String path, Map<String, String> headers, byte[] body) {
    Map<String, List<String>> all = new HashMap<>();
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    Exchange exchange =
        new Exchange("127.0.0.1", "POST", path, Parameters.NONE, all, body, "request-1");
    try {
      return service.serve(exchange, new Caller("123456789012", "arn", "AKID"));
    } catch (ServiceError e) {
      return service.render(e, exchange);
    }
  }

  private String query(String form) {
    return text(
        send(
            "/",
            Map.of("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
            (form + "&Version=2010-08-01").getBytes(StandardCharsets.UTF_8)));
  }

  private Reply json(String operation, byte[] body, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("x-amz-target", "GraniteServiceVersion20100801." + operation);
    return send("/", headers, body);
  }

  private String json(String operation, String body) {
    return text(json(operation, body.getBytes(StandardCharsets.UTF_8), Map.of()));
  }

  private Reply cbor(String operation, String hex) {
    return send(
        "/service/GraniteServiceVersion20100801/operation/" + operation,
        Map.of("smithy-protocol", "rpc-v2-cbor"),
        HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static String text(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private void putOrders() {
    String timestamp = "&MetricData.member.1.Timestamp=2026-11-22T07%3A58%3A00Z";
    assertThat(
            query(
                "Action=PutMetricData&"
                    + NAMESPACE
                    + "MetricData.member.1.MetricName=Orders"
                    + "&MetricData.member.1.Values.member.1=1&MetricData.member.1.Values.member.2=3"
                    + "&MetricData.member.1.Counts.member.1=2&MetricData.member.1.Counts.member.2=1"
                    + "&MetricData.member.1.Unit=Count"
                    + timestamp))
        .contains("<PutMetricDataResponse");
  }

  @Test
  void oneQueryGivesTheSameNumbersInThreeProtocols() {
    putOrders();
    assertThat(
            query(
                "Action=GetMetricStatistics&"
                    + NAMESPACE
                    + "MetricName=Orders&Period=60"
                    + "&Statistics.member.1=Sum&Statistics.member.2=Average"
                    + TIMES))
        .contains("<Label>Orders</Label>")
        .contains(
            "<member><Timestamp>2026-11-22T07:58:00.000Z</Timestamp><Sum>5.0</Sum>"
                + "<Average>1.6666666666666667</Average><Unit>Count</Unit></member>")
        .contains("<ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata>");
    assertThat(
            json(
                "GetMetricStatistics",
                """
                {"Namespace":"Shop","MetricName":"Orders","Period":60,"Statistics":["Sum"],
                 "StartTime":1795330800,"EndTime":1795334400.5}
                """))
        .isEqualTo(
            "{\"Label\":\"Orders\",\"Datapoints\":[{\"Timestamp\":1795334280.000,\"Sum\":5.0,"
                + "\"Unit\":\"Count\"}]}");
    // The same in CBOR: times under tag 1, as float64 and as an integer.
    String request =
        "bf 694e616d657370616365 6453686f70 6a4d65747269634e616d65 664f7264657273"
            + "66506572696f64 183c 6a53746174697374696373 81 6353756d"
            + "69537461727454696d65 c1 fb41dac2c07c00000000"
                .replace(
                    "fb41dac2c07c00000000",
                    "fb" + HexFormat.of().toHexDigits(Double.doubleToLongBits(1_795_330_800d)))
            + "67456e6454696d65 c1 1a"
            + HexFormat.of().toHexDigits(1_795_334_400)
            + "ff";
    Reply reply = cbor("GetMetricStatistics", request);
    assertThat(reply.headers()).containsEntry("smithy-protocol", "rpc-v2-cbor");
    assertThat(reply.body()).asHexString().contains("6353756DFB4014000000000000"); // "Sum": 5.0
  }

  @Test
  void errorsAreToldInEachProtocol() {
    assertThat(query("Action=SetAlarmState&AlarmName=no&StateValue=OK&StateReason=x"))
        .contains("<Error><Type>Sender</Type><Code>ResourceNotFound</Code>");
    Reply json = json("PutMetricAlarm", "{}".getBytes(StandardCharsets.UTF_8), Map.of());
    assertThat(json.status()).isEqualTo(400);
    assertThat(json.headers()).containsEntry("x-amzn-query-error", "MissingParameter;Sender");
    assertThat(text(json)).contains("\"__type\":\"MissingRequiredParameterException\"");
    Reply cbor = cbor("Nothing", "a0");
    assertThat(cbor.headers())
        .containsEntry("smithy-protocol", "rpc-v2-cbor")
        .containsEntry("x-amzn-query-error", "InvalidAction;Sender");
    assertThat(
            query(
                "Action=GetMetricStatistics&"
                    + NAMESPACE
                    + "MetricName=Orders&Period=1"
                    + "&Statistics.member.1=Sum"
                    + TIMES))
        .contains("InvalidParameterCombination")
        .contains("You have requested up to 3,600 datapoints, which exceeds the limit of 1,440");
  }

  @Test
  void alarmThatWasPutInOneProtocolIsDescribedInAnother() {
    assertThat(
            json(
                "PutMetricAlarm",
                """
                {"AlarmName":"few","Namespace":"Shop","MetricName":"Orders","Statistic":"Sum",
                 "Period":60,"EvaluationPeriods":1,"Threshold":10,
                 "ComparisonOperator":"LessThanThreshold","Tags":[{"Key":"a","Value":"b"}]}
                """))
        .isEqualTo("{}");
    assertThat(query("Action=DescribeAlarms&AlarmNames.member.1=few"))
        .contains("<AlarmArn>arn:aws:cloudwatch:us-east-1:123456789012:alarm:few</AlarmArn>")
        .contains("<StateValue>INSUFFICIENT_DATA</StateValue>")
        .contains("<Threshold>10.0</Threshold>");
    putOrders();
    clock.advance(Duration.ofSeconds(1));
    alarms.tick();
    assertThat(json("DescribeAlarms", "{\"StateValue\":\"ALARM\"}")).contains("\"few\"");
    assertThat(query("Action=DescribeAlarmHistory&AlarmName=few&HistoryItemType=StateUpdate"))
        .contains("Alarm updated from INSUFFICIENT_DATA to ALARM");
    assertThat(query("Action=DescribeAlarmsForMetric&Namespace=Shop&MetricName=Orders"))
        .contains("<AlarmName>few</AlarmName>");
    String arn = "{\"ResourceARN\":\"arn:aws:cloudwatch:us-east-1:123456789012:alarm:few\"}";
    assertThat(json("ListTagsForResource", arn))
        .isEqualTo("{\"Tags\":[{\"Key\":\"a\",\"Value\":\"b\"}]}");
    assertThat(query("Action=DeleteAlarms&AlarmNames.member.1=few")).contains("DeleteAlarms");
    assertThat(json("DescribeAlarms", "{}")).contains("\"MetricAlarms\":[]");
  }

  @Test
  void bodiesMayBeCompressed() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(
          "{\"Namespace\":\"Shop\",\"MetricData\":[{\"MetricName\":\"Visits\",\"Value\":7}]}"
              .getBytes(StandardCharsets.UTF_8));
    }
    json("PutMetricData", bytes.toByteArray(), Map.of("content-encoding", "gzip"));
    assertThat(json("ListMetrics", "{\"Namespace\":\"Shop\"}"))
        .contains("\"MetricName\":\"Visits\"");
    assertThat(json("PutMetricData", "{\"Namespace\":\"AWS/EFS\"}"))
        .contains("InvalidParameterValueException");
  }

  @Test
  void percentilesComeFromValuesAndNotFromStatisticSets() {
    String metric = "{\"Namespace\":\"Shop\",\"MetricData\":[{\"MetricName\":\"Wait\",";
    String ask =
        """
        {"Namespace":"Shop","MetricName":"Wait","Period":60,
         "ExtendedStatistics":["p50","p90","tm80"],"StartTime":1795334400,"EndTime":1795334460}
        """;
    json("PutMetricData", metric + "\"Values\":[1,2,30],\"Counts\":[5,4,1]}]}");
    assertThat(json("GetMetricStatistics", ask))
        .contains("\"ExtendedStatistics\":{\"p50\":1.0,\"p90\":2.0,\"tm80\":1.375}");
    assertThat(
            json(
                "GetMetricData",
                """
                {"MetricDataQueries":[{"Id":"m","MetricStat":{"Metric":{"Namespace":"Shop",
                 "MetricName":"Wait"},"Period":60,"Stat":"p99.9"}}],
                 "StartTime":1795334400,"EndTime":1795334460}
                """))
        .contains("\"Values\":[30.0]");
    json(
        "PutMetricData",
        metric
            + "\"StatisticValues\":{\"SampleCount\":2,\"Sum\":5,\"Minimum\":1,"
            + "\"Maximum\":4}}]}");
    assertThat(json("GetMetricStatistics", ask)).contains("\"Datapoints\":[]");
    assertThat(json("GetMetricStatistics", ask.replace("p50", "Sum")))
        .contains("InvalidParameterValue");
  }

  @Test
  void highResolutionHasShortPeriods() {
    String metric = "{\"Namespace\":\"Shop\",\"MetricData\":[{\"MetricName\":\"Fast\",";
    for (int second = 0; second < 20; second++) {
      json(
          "PutMetricData",
          metric
              + "\"Value\":1,\"StorageResolution\":1,\"Timestamp\":"
              + (1_795_334_000 + second)
              + "}]}");
    }
    for (int period : new int[] {1, 5, 10}) {
      assertThat(
              json(
                  "GetMetricStatistics",
                  """
                  {"Namespace":"Shop","MetricName":"Fast","Period":%d,"Statistics":["Sum"],
                   "StartTime":1795334000,"EndTime":1795334020}
                  """
                      .formatted(period)))
          .contains("\"Sum\":" + period + ".0")
          .satisfies(reply -> assertThat(reply.split("Timestamp", -1)).hasSize(20 / period + 1));
    }
    assertThat(json("PutMetricData", metric + "\"Value\":1,\"StorageResolution\":30}]}"))
        .contains("InvalidParameterValue")
        .contains("StorageResolution");
    String alarm =
        """
        {"AlarmName":"fast","Namespace":"Shop","MetricName":"Fast","ExtendedStatistic":"p90",
         "Period":%d,"EvaluationPeriods":%d,"Threshold":10,"EvaluateLowSampleCountPercentile":"%s",
         "ComparisonOperator":"GreaterThanThreshold"}
        """;
    assertThat(json("PutMetricAlarm", alarm.formatted(5, 1, "ignore")))
        .contains("Period must be 10, 20, 30 or a multiple of 60");
    assertThat(json("PutMetricAlarm", alarm.formatted(15, 1, "ignore")))
        .contains("InvalidParameterValue");
    assertThat(json("PutMetricAlarm", alarm.formatted(10, 1, "never")))
        .contains("EvaluateLowSampleCountPercentile");
    assertThat(json("PutMetricAlarm", alarm.formatted(30, 2_881, "ignore")))
        .contains("Metrics cannot be checked across more than a day");
    assertThat(json("PutMetricAlarm", alarm.formatted(10, 1, "ignore"))).isEqualTo("{}");
    assertThat(json("DescribeAlarms", "{}"))
        .contains("\"ExtendedStatistic\":\"p90\"")
        .contains("\"Period\":10")
        .contains("\"EvaluateLowSampleCountPercentile\":\"ignore\"");
  }

  @Test
  void metricDataComeInPages() {
    for (int minute = 10; minute < 40; minute++) {
      query(
          "Action=PutMetricData&"
              + NAMESPACE
              + "MetricData.member.1.MetricName=Page"
              + "&MetricData.member.1.Value="
              + minute
              + "&MetricData.member.1.Timestamp=2026-11-22T07%3A"
              + minute
              + "%3A00Z");
    }
    for (String order : List.of("TimestampAscending", "TimestampDescending")) {
      String token = "";
      int points = 0;
      int pages = 0;
      do {
        String page =
            json(
                "GetMetricData",
                "{\"MetricDataQueries\":[{\"Id\":\"m\",\"MetricStat\":{\"Metric\":{\"Namespace\":"
                    + "\"Shop\",\"MetricName\":\"Page\"},\"Period\":60,\"Stat\":\"Sum\"},"
                    + "\"ReturnData\":false},{\"Id\":\"e\",\"Expression\":\"m*2\"}],"
                    + "\"StartTime\":"
                    + Instant.parse("2026-11-22T07:00:00Z").getEpochSecond()
                    + ",\"EndTime\":"
                    + Instant.parse("2026-11-22T08:00:00Z").getEpochSecond()
                    + ",\"MaxDatapoints\":12,\"ScanBy\":\""
                    + order
                    + "\""
                    + (token.isEmpty() ? "" : ",\"NextToken\":\"" + token + "\"")
                    + "}");
        var json = tools.jackson.databind.json.JsonMapper.builder().build().readTree(page);
        var result = json.path("MetricDataResults").path(0);
        for (int i = 0; i < result.path("Values").size(); i++) {
          long minute = (result.path("Timestamps").path(i).asLong() - 1_795_330_800) / 60;
          assertThat(result.path("Values").path(i).asDouble()).isEqualTo(2.0 * minute);
          points++;
        }
        token = json.path("NextToken").asString("");
        pages++;
      } while (!token.isEmpty());
      assertThat(points).as(order).isEqualTo(30);
      assertThat(pages).as(order).isBetween(3, 6);
    }
  }
}
