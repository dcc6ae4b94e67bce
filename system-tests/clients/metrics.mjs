// Asks CloudWatch what standard input says, and tells the answer as metrics.py wants it.
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { readFileSync } from "node:fs";

const asked = JSON.parse(readFileSync(0, "utf8"));
const cloudwatch = new CloudWatch({ endpoint: process.argv[2], region: "us-east-1" });
const times = { StartTime: new Date(asked.start * 1000), EndTime: new Date(asked.end * 1000) };
const seconds = (date) => date.getTime() / 1000;
const { MetricDataResults } = await cloudwatch.getMetricData({
  ...times, MetricDataQueries: asked.queries,
});
const { Datapoints } = await cloudwatch.getMetricStatistics({
  ...times,
  Namespace: asked.Namespace,
  MetricName: asked.MetricName,
  Dimensions: asked.Dimensions,
  Period: asked.period,
  Statistics: ["Sum", "Average", "Minimum", "Maximum", "SampleCount"],
});
console.log(JSON.stringify({
  data: Object.fromEntries(MetricDataResults.map(({ Id, Timestamps, Values }) =>
    [Id, Values.map((value, index) => [seconds(Timestamps[index]), value])])),
  statistics: Datapoints.map((it) =>
    [seconds(it.Timestamp), it.Sum, it.Average, it.Minimum, it.Maximum, it.SampleCount]),
}));
