#!/usr/bin/python3
"""Asks CloudWatch one question through the AWS CLI, boto3 and the SDKs for Java and JavaScript.

Each client has a protocol of its own on the wire; all must tell the same numbers, bit for bit, and
those that were put in. Usage: metrics.py ENDPOINT JAVA JAVA-LIBRARIES, keys in the environment.
"""

import json
import math
import os
import pathlib
import subprocess
import sys
import time

import boto3

HERE = pathlib.Path(__file__).parent
AWS = os.environ.get("AWS_CLI", "/usr/bin/aws")
NAMESPACE, NAME = "Check", "numbers"
DIMENSIONS = [{"Name": "FileSystemId", "Value": "fs-00000000000000001"}]
VALUES = [[0.1, 1e-7, 123456789.125, 3], [-2.5, 1 / 3, 6.02214076e23], [7]]
PERIOD = 60


def question(start):
    metric = {"Namespace": NAMESPACE, "MetricName": NAME, "Dimensions": DIMENSIONS}
    return {
        "start": start, "end": start + len(VALUES) * PERIOD, "period": PERIOD, **metric,
        "queries": [
            {"Id": "m1", "MetricStat": {"Metric": metric, "Period": PERIOD, "Stat": "Average"}},
            {"Id": "e1", "Expression": "m1 * 3 / 7"},
            {"Id": "e2", "Expression": "RATE(m1)"}]}


def reply(data, points):
    """The form in which every client tells what it got."""
    results = {each["Id"]: sorted(zip(map(seconds, each["Timestamps"]), each["Values"]))
               for each in data["MetricDataResults"]}
    return {"data": results, "statistics": sorted(
        [seconds(each["Timestamp"]), each["Sum"], each["Average"], each["Minimum"], each["Maximum"],
         each["SampleCount"]] for each in points["Datapoints"])}


def seconds(given):
    if isinstance(given, str):
        from datetime import datetime
        return int(datetime.fromisoformat(given.replace("Z", "+00:00")).timestamp())
    return int(given.timestamp())


STATISTICS = ["Sum", "Average", "Minimum", "Maximum", "SampleCount"]


def with_boto3(endpoint, asked):
    cloudwatch = boto3.client("cloudwatch", endpoint_url=endpoint, region_name="us-east-1")
    data = cloudwatch.get_metric_data(
        StartTime=asked["start"], EndTime=asked["end"], MetricDataQueries=asked["queries"])
    points = cloudwatch.get_metric_statistics(
        Namespace=NAMESPACE, MetricName=NAME, Dimensions=DIMENSIONS, Period=PERIOD,
        StartTime=asked["start"], EndTime=asked["end"], Statistics=STATISTICS)
    return reply(data, points)


def with_cli(endpoint, asked):
    def aws(operation, **arguments):
        done = subprocess.run(
            [AWS, "--endpoint-url", endpoint, "--output", "json", "cloudwatch", operation,
             "--cli-input-json", json.dumps(arguments)],
            check=True, capture_output=True, env={**os.environ, "AWS_DEFAULT_REGION": "us-east-1"})
        return json.loads(done.stdout)

    times = {"StartTime": asked["start"], "EndTime": asked["end"]}
    return reply(
        aws("get-metric-data", MetricDataQueries=asked["queries"], **times),
        aws("get-metric-statistics", Namespace=NAMESPACE, MetricName=NAME, Dimensions=DIMENSIONS,
            Period=PERIOD, Statistics=STATISTICS, **times))


def with_program(command, asked):
    done = subprocess.run(command, input=json.dumps(asked), text=True, stdout=subprocess.PIPE,
                          check=True)
    told = json.loads(done.stdout)
    return {"data": {name: sorted(map(tuple, points)) for name, points in told["data"].items()},
            "statistics": sorted(told["statistics"])}


def main(endpoint, java, libraries):
    start = (int(time.time()) // PERIOD - 10) * PERIOD
    asked = question(start)
    cloudwatch = boto3.client("cloudwatch", endpoint_url=endpoint, region_name="us-east-1")
    for minute, values in enumerate(VALUES):
        for value in values:
            cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=[{
                "MetricName": NAME, "Dimensions": DIMENSIONS, "Value": value,
                "Timestamp": start + minute * PERIOD + 7}])
    told = {
        "boto3": with_boto3(endpoint, asked),
        "AWS CLI": with_cli(endpoint, asked),
        "JavaScript": with_program(["node", str(HERE / "metrics.mjs"), endpoint], asked),
        "Java": with_program(
            [java, "-cp", libraries, str(HERE / "java" / "Metrics.java"), endpoint], asked)}
    expected = []
    for minute, values in enumerate(VALUES):
        total = 0.0
        for value in values:
            total += value
        expected.append([start + minute * PERIOD, total, total / len(values), min(values),
                         max(values), float(len(values))])
    for client, got in told.items():
        if got["statistics"] != expected:
            sys.exit(f"FAILED: {client} tells {got['statistics']}, not {expected}")
        averages = [(each[0], each[2]) for each in expected]
        if got["data"]["m1"] != averages:
            sys.exit(f"FAILED: {client} tells {got['data']['m1']}, not {averages}")
        if got["data"] != told["boto3"]["data"]:
            sys.exit(f"FAILED: {client} tells {got['data']}, boto3 {told['boto3']['data']}")
        if not math.isclose(got["data"]["e1"][0][1], averages[0][1] * 3 / 7):
            sys.exit(f"FAILED: {client} has other metric math: {got['data']['e1']}")
    numbers = sum(map(len, expected)) + sum(map(len, told["boto3"]["data"].values()))
    print(f"the same {numbers} numbers from {', '.join(told)}")


main(*sys.argv[1:])
