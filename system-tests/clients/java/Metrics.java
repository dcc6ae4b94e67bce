import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks CloudWatch what standard input says, and tells the answer as metrics.py wants it. */
final class Metrics {
  private Metrics() {}

  static void main(String[] arguments) throws IOException {
    JsonNode asked = JsonMapper.shared().readTree(System.in.readAllBytes());
    Instant start = Instant.ofEpochSecond(asked.get("start").asLong());
    Instant end = Instant.ofEpochSecond(asked.get("end").asLong());
    try (CloudWatchClient cloudWatch =
        CloudWatchClient.builder()
            .endpointOverride(URI.create(arguments[0]))
            .region(Region.US_EAST_1)
            .httpClientBuilder(ApacheHttpClient.builder())
            .build()) {
      List<MetricDataResult> results =
          cloudWatch
              .getMetricData(
                  it -> it.startTime(start).endTime(end).metricDataQueries(queries(asked)))
              .metricDataResults();
      List<Datapoint> points =
          cloudWatch
              .getMetricStatistics(
                  it ->
                      it.startTime(start)
                          .endTime(end)
                          .namespace(asked.get("Namespace").asString())
                          .metricName(asked.get("MetricName").asString())
                          .dimensions(dimensions(asked))
                          .period(asked.get("period").asInt())
                          .statistics(
                              Statistic.SUM,
                              Statistic.AVERAGE,
                              Statistic.MINIMUM,
                              Statistic.MAXIMUM,
                              Statistic.SAMPLE_COUNT))
              .datapoints();
      Map<String, Object> told = Map.of("data", data(results), "statistics", statistics(points));
      System.out.println(JsonMapper.shared().writeValueAsString(told));
    }
  }

  private static List<Dimension> dimensions(JsonNode metric) {
    List<Dimension> dimensions = new ArrayList<>();
    for (JsonNode each : metric.get("Dimensions")) {
      dimensions.add(
          Dimension.builder()
              .name(each.get("Name").asString())
              .value(each.get("Value").asString())
              .build());
    }
    return dimensions;
  }

  private static List<MetricDataQuery> queries(JsonNode asked) {
    List<MetricDataQuery> queries = new ArrayList<>();
    for (JsonNode each : asked.get("queries")) {
      MetricDataQuery.Builder query = MetricDataQuery.builder().id(each.get("Id").asString());
      if (each.has("Expression")) {
        query.expression(each.get("Expression").asString());
      } else {
        JsonNode stat = each.get("MetricStat");
        JsonNode metric = stat.get("Metric");
        query.metricStat(
            it ->
                it.period(stat.get("Period").asInt())
                    .stat(stat.get("Stat").asString())
                    .metric(
                        of ->
                            of.namespace(metric.get("Namespace").asString())
                                .metricName(metric.get("MetricName").asString())
                                .dimensions(dimensions(metric))));
      }
      queries.add(query.build());
    }
    return queries;
  }

  private static Map<String, Object> data(List<MetricDataResult> results) {
    Map<String, Object> data = new TreeMap<>();
    for (MetricDataResult each : results) {
      List<List<Number>> points = new ArrayList<>();
      for (int i = 0; i < each.values().size(); i++) {
        points.add(List.of(each.timestamps().get(i).getEpochSecond(), each.values().get(i)));
      }
      data.put(each.id(), points);
    }
    return data;
  }

  private static List<List<Number>> statistics(List<Datapoint> points) {
    return points.stream()
        .map(
            it ->
                List.<Number>of(
                    it.timestamp().getEpochSecond(),
                    it.sum(),
                    it.average(),
                    it.minimum(),
                    it.maximum(),
                    it.sampleCount()))
        .toList();
  }
}
