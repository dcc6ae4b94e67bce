package tidefs.api.cloudwatch;

import java.util.List;
import java.util.Map;
import tidefs.api.Service;
import tidefs.api.wire.CborProtocol;
import tidefs.api.wire.JsonProtocol;
import tidefs.api.wire.QueryProtocol;
import tidefs.api.wire.WireService;
import tidefs.base.Clock;
import tidefs.control.alarm.Alarms;
import tidefs.metrics.MetricArchive;

/** The CloudWatch API in its three protocols. */
public final class CloudWatch {
  private static final String SERVICE = "GraniteServiceVersion20100801";
  private static final Map<String, String> ERROR_SHAPES =
      Map.of(
          "AccessDenied", "AccessDeniedException",
          "InternalServiceError", "InternalServiceFault",
          "InvalidFormat", "InvalidFormatFault",
          "InvalidParameterCombination", "InvalidParameterCombinationException",
          "InvalidParameterValue", "InvalidParameterValueException",
          "LimitExceeded", "LimitExceededFault",
          "MissingParameter", "MissingRequiredParameterException",
          "InternalServerError", "InternalServiceFault");

  private CloudWatch() {}

  /** The service over an archive and the alarms on it. */
  public static Service over(MetricArchive archive, Alarms alarms, Clock clock) {
    return new WireService(
        "monitoring",
        List.of(
            CborProtocol.ofService(SERVICE),
            new JsonProtocol(SERVICE),
            new QueryProtocol("http://monitoring.amazonaws.com/doc/2010-08-01/")),
        List.of(
            new DeleteAlarms(alarms),
            new DescribeAlarmHistory(alarms),
            new DescribeAlarms(alarms),
            new DescribeAlarmsForMetric(alarms),
            new DisableAlarmActions(alarms),
            new EnableAlarmActions(alarms),
            new GetMetricData(archive, clock),
            new GetMetricStatistics(archive, clock),
            new ListMetrics(archive, clock),
            new ListTagsForResource(alarms),
            new PutMetricAlarm(alarms),
            new PutMetricData(archive, clock),
            new SetAlarmState(alarms),
            new TagResource(alarms),
            new UntagResource(alarms)),
        ERROR_SHAPES);
  }
}
