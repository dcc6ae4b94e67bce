#!/usr/bin/env bash
# Metrics and alarms over the AWS CLI, of any version: monitoring.sh ENDPOINT. Ends with "ok".
set -euo pipefail
endpoint=$1
export AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-AKIDEXAMPLE} AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-secret}
export AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION:-us-east-1}
call() { aws --endpoint-url "$endpoint" --output text "$@"; }
fail() { echo "monitoring.sh: $*" >&2; exit 1; }
name=check-$$

call cloudwatch put-metric-data --namespace Check --metric-name "$name" --value 7 --unit Count
[[ $(call cloudwatch list-metrics --namespace Check --metric-name "$name" --query 'Metrics[0].MetricName') == "$name" ]] \
  || fail "the metric is not listed"
from=$(date -u -d '-10 minutes' +%FT%TZ) to=$(date -u -d '+1 minute' +%FT%TZ)
sum=$(call cloudwatch get-metric-statistics --namespace Check --metric-name "$name" --start-time "$from" --end-time "$to" \
  --period 60 --statistics Sum --query 'sum(Datapoints[].Sum)')
[[ $sum == 7.0 ]] || fail "the sum is $sum"
doubled=$(call cloudwatch get-metric-data --start-time "$from" --end-time "$to" --query 'MetricDataResults[0].Values[0]' \
  --metric-data-queries "[{\"Id\":\"m\",\"ReturnData\":false,\"MetricStat\":{\"Metric\":{\"Namespace\":\"Check\",\"MetricName\":\"$name\"},
    \"Period\":60,\"Stat\":\"Sum\"}},{\"Id\":\"e\",\"Expression\":\"m*2\"}]")
[[ $doubled == 14.0 ]] || fail "metric math says $doubled"

topic=$(call sns create-topic --name "$name" --query TopicArn)
call cloudwatch put-metric-alarm --alarm-name "$name" --namespace Check --metric-name "$name" --statistic Sum --period 60 \
  --evaluation-periods 1 --threshold 100 --comparison-operator LessThanThreshold --alarm-actions "$topic"
call cloudwatch set-alarm-state --alarm-name "$name" --state-value ALARM --state-reason "a drill"
[[ $(call cloudwatch describe-alarms --alarm-names "$name" --query 'MetricAlarms[0].StateValue') == ALARM ]] \
  || fail "the alarm did not go off"
call cloudwatch describe-alarm-history --alarm-name "$name" --query 'AlarmHistoryItems[].HistorySummary' \
  | grep -q "Successfully executed action $topic" || fail "the action is not in the history"
call cloudwatch delete-alarms --alarm-names "$name"
call sns delete-topic --topic-arn "$topic"
echo ok
