#!/usr/bin/python3
"""Drives the control plane with boto3, unmodified, and looks at the shapes that it parses.

Usage: efs_boto3.py ENDPOINT [REGION], for a server that accepts any signature.
"""

import sys
import time
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]
region = sys.argv[2] if len(sys.argv) > 2 else "us-east-1"
common = dict(
    endpoint_url=endpoint,
    region_name=region,
    aws_access_key_id="AKIDEXAMPLE",
    aws_secret_access_key="none",
    config=Config(retries={"max_attempts": 1}),
)
efs = boto3.client("efs", **common)
ec2 = boto3.client("ec2", **common)
checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        sys.exit(f"FAILED: {what}")


def refused(code, status, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        response = error.response
        check(response["Error"]["Code"] == code, f"{code}: {response['Error']}")
        check(response["ResponseMetadata"]["HTTPStatusCode"] == status, f"{code}: status")
        check(response["ResponseMetadata"].get("RequestId"), f"{code}: request id")
        return response
    sys.exit(f"FAILED: expected {code}")


def eventually(what, probe):
    for _ in range(50):
        if probe():
            return check(True, what)
        time.sleep(0.1)
    sys.exit(f"FAILED: {what}")


def available(fs):
    found = efs.describe_file_systems(FileSystemId=fs)["FileSystems"]
    return found[0]["LifeCycleState"] == "available"


subnets = ec2.describe_subnets()["Subnets"]
zones = {zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]}
check({subnet["AvailabilityZone"] for subnet in subnets} <= zones, "subnets lie in zones")
check(ec2.describe_vpcs(VpcIds=[subnets[0]["VpcId"]])["Vpcs"], "the VPC exists")

token = f"boto3-{uuid.uuid4()}"
made = efs.create_file_system(CreationToken=token, Tags=[{"Key": "Name", "Value": "boto"}])
fs = made["FileSystemId"]
check(made["ResponseMetadata"]["HTTPStatusCode"] == 201, "201")
check(made["LifeCycleState"] == "creating", "creating")
check(made["CreationTime"].year >= 2024, "a time")
eventually("available", lambda: available(fs))
again = refused("FileSystemAlreadyExists", 409, efs.create_file_system, CreationToken=token)
check(again["FileSystemId"] == fs, "the existing id comes with the error")
check(efs.create_file_system()["FileSystemId"] != fs, "a token of the SDK's own")

targets = []
for subnet in {subnet["AvailabilityZone"]: subnet for subnet in subnets}.values():
    targets.append(efs.create_mount_target(FileSystemId=fs, SubnetId=subnet["SubnetId"]))
refused(
    "MountTargetConflict",
    409,
    efs.create_mount_target,
    FileSystemId=fs,
    SubnetId=subnets[0]["SubnetId"],
)
check(len({target["IpAddress"] for target in targets}) == len(targets), "addresses differ")
pages = efs.get_paginator("describe_mount_targets").paginate(
    FileSystemId=fs, PaginationConfig={"PageSize": 1}
)
check(sum(len(page["MountTargets"]) for page in pages) == len(targets), "mount target pages")

# What the CSI driver does for a volume.
arguments = dict(
    ClientToken=token,
    FileSystemId=fs,
    PosixUser={"Uid": 1000, "Gid": 50000},
    RootDirectory={
        "Path": "/dynamic/pvc",
        "CreationInfo": {"OwnerUid": 1000, "OwnerGid": 50000, "Permissions": "700"},
    },
    Tags=[{"Key": "efs.csi.aws.com/cluster", "Value": "true"}],
)
ap = efs.create_access_point(**arguments)
refused("AccessPointAlreadyExists", 409, efs.create_access_point, **arguments)
for i in range(5):
    efs.create_access_point(FileSystemId=fs)
found = []
more = {}
while more is not None:
    page = efs.describe_access_points(FileSystemId=fs, MaxResults=2, **more)
    found += page["AccessPoints"]
    more = {"NextToken": page["NextToken"]} if "NextToken" in page else None
check(len(found) == 6, "access point pages")
same = next(point for point in found if point["ClientToken"] == token)
check(same["PosixUser"] == arguments["PosixUser"], "posix user")
check(same["RootDirectory"] == arguments["RootDirectory"], "root directory")
efs.delete_access_point(AccessPointId=ap["AccessPointArn"])


def access_point_gone():
    try:
        efs.describe_access_points(AccessPointId=ap["AccessPointId"])
    except efs.exceptions.AccessPointNotFound:
        return True
    return False


eventually("the access point is gone", access_point_gone)

# Tags by ARN: one encoded segment of the path.
efs.tag_resource(ResourceId=made["FileSystemArn"], Tags=[{"Key": "a b/ü", "Value": "ö + ="}])
tags = efs.list_tags_for_resource(ResourceId=made["FileSystemArn"])["Tags"]
check({"Key": "a b/ü", "Value": "ö + ="} in tags, "tags survive their encoding")
efs.untag_resource(ResourceId=fs, TagKeys=["a b/ü", "Name"])
check(efs.describe_tags(FileSystemId=fs)["Tags"] == [], "untagged")

check(
    efs.describe_account_preferences()["ResourceIdPreference"]["ResourceIdType"] == "LONG_ID",
    "a body with GET",
)
refused("BadRequest", 400, efs.update_file_system, FileSystemId=fs)
refused(
    "ValidationException",
    400,
    efs.create_mount_target,
    FileSystemId="x",
    SubnetId="subnet-" + "z" * 17,
)

for target in targets:
    efs.delete_mount_target(MountTargetId=target["MountTargetId"])
refused("FileSystemInUse", 409, efs.delete_file_system, FileSystemId=fs)
eventually(
    "mount targets are gone",
    lambda: not efs.describe_mount_targets(FileSystemId=fs)["MountTargets"],
)
efs.delete_file_system(FileSystemId=fs)


def gone():
    try:
        efs.describe_file_systems(FileSystemId=fs)
    except efs.exceptions.FileSystemNotFound:
        return True
    return False


eventually("the file system is gone", gone)

other = boto3.client("efs", **{**common, "region_name": "eu-west-1"})
if region != "eu-west-1":
    refused("InvalidSignatureException", 403, other.describe_file_systems)
print(f"{checks} checks passed with boto3 {boto3.__version__}")
