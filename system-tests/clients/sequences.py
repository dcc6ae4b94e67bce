#!/usr/bin/python3
"""Makes the calls of the EFS CSI driver and of Terraform's AWS provider, in their order.

Usage: sequences.py ENDPOINT [REGION], with the administrator's key in the environment. The driver
works with the session of a role that it assumes.
"""

import json
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
    config=Config(retries={"max_attempts": 1}),
)
efs, ec2, sts, kms, iam = (
    boto3.client(name, **common) for name in ("efs", "ec2", "sts", "kms", "iam"))
checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        sys.exit(f"FAILED: {what}")


def code(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return ""


def becomes(what, wanted, probe):
    for _ in range(100):
        if probe() == wanted:
            return check(True, what)
        time.sleep(0.1)
    sys.exit(f"FAILED: {what}: {probe()}, not {wanted}")


def state(fs):
    return efs.describe_file_systems(FileSystemId=fs)["FileSystems"][0]["LifeCycleState"]


def target_state(target):
    found = efs.describe_mount_targets(MountTargetId=target)["MountTargets"]
    return found[0]["LifeCycleState"]


def terraform():
    """Create, read, update and destroy in the provider's order, each with its waits."""
    me = sts.get_caller_identity()
    check(len(me["Account"]) == 12, "the account")
    key = kms.create_key(Description="terraform")["KeyMetadata"]
    kms.create_alias(AliasName=f"alias/{uuid.uuid4()}", TargetKeyId=key["KeyId"])
    check(kms.describe_key(KeyId=key["Arn"])["KeyMetadata"]["KeyState"] == "Enabled", "the key")
    # aws_security_group, aws_security_group_rule
    subnet = ec2.describe_subnets()["Subnets"][0]
    name = f"efs-{uuid.uuid4()}"
    group = ec2.create_security_group(
        GroupName=name, Description="NFS", VpcId=subnet["VpcId"])["GroupId"]
    permission = dict(
        IpProtocol="tcp", FromPort=2049, ToPort=2049,
        IpRanges=[{"CidrIp": "127.0.0.0/8", "Description": "clients"}])
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    everything = dict(IpProtocol="-1", IpRanges=[{"CidrIp": "0.0.0.0/0"}])
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[permission])
    read = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    check(read["IpPermissionsEgress"][0]["ToPort"] == 2049, "the rule for what goes out")
    check(read["GroupName"] == name, "the group's name")
    check(read["IpPermissions"][0]["IpRanges"] == permission["IpRanges"], "the rule")
    check(
        code(ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[permission])
        == "InvalidPermission.Duplicate", "a rule twice")
    # aws_efs_file_system
    made = efs.create_file_system(
        CreationToken=f"terraform-{uuid.uuid4()}", Encrypted=True, KmsKeyId=key["Arn"],
        ThroughputMode="provisioned", ProvisionedThroughputInMibps=5,
        Tags=[{"Key": "Name", "Value": "terraform"}])
    fs = made["FileSystemId"]
    check(made["KmsKeyId"] == key["Arn"], "the file system's key")
    becomes("file system", "available", lambda: state(fs))
    policies = [{"TransitionToIA": "AFTER_30_DAYS"},
                {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"}]
    efs.put_lifecycle_configuration(FileSystemId=fs, LifecyclePolicies=policies)
    for _ in range(2):  # A refresh must see no difference.
        read = efs.describe_file_systems(FileSystemId=fs)["FileSystems"][0]
        check(read["Tags"] == [{"Key": "Name", "Value": "terraform"}], "tags")
        found = efs.describe_lifecycle_configuration(FileSystemId=fs)["LifecyclePolicies"]
        check(found == policies, "the order of the lifecycle policies")
    # aws_efs_mount_target
    zone = ec2.describe_subnets(SubnetIds=[subnet["SubnetId"]])["Subnets"][0]["AvailabilityZone"]
    target = efs.create_mount_target(
        FileSystemId=fs, SubnetId=subnet["SubnetId"], SecurityGroups=[group])
    check(target["AvailabilityZoneName"] == zone, "the zone")
    becomes("mount target", "available", lambda: target_state(target["MountTargetId"]))
    found = efs.describe_mount_target_security_groups(MountTargetId=target["MountTargetId"])
    check(found["SecurityGroups"] == [group], "the mount target's groups")
    interface = ec2.describe_network_interfaces(
        NetworkInterfaceIds=[target["NetworkInterfaceId"]])["NetworkInterfaces"][0]
    check(interface["Groups"] == [{"GroupId": group, "GroupName": name}], "the interface's groups")
    check(interface["PrivateIpAddress"] == target["IpAddress"], "the interface's address")
    # aws_efs_file_system_policy, retried while principals are unknown
    policy = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "nobody"},
         "Action": "elasticfilesystem:ClientMount"}]}
    try:
        efs.put_file_system_policy(FileSystemId=fs, Policy=json.dumps(policy))
        sys.exit("FAILED: an unknown principal")
    except ClientError as error:
        check("Policy contains invalid Principal block" in str(error), "the text it retries on")
    policy["Statement"][0]["Principal"] = {"AWS": "*"}
    efs.put_file_system_policy(FileSystemId=fs, Policy=json.dumps(policy))
    kept = json.loads(efs.describe_file_system_policy(FileSystemId=fs)["Policy"])
    check(kept["Statement"][0]["Resource"] == made["FileSystemArn"], "the policy's resource")
    # aws_efs_backup_policy
    efs.put_backup_policy(FileSystemId=fs, BackupPolicy={"Status": "ENABLED"})
    becomes("backup", "ENABLED", lambda: efs.describe_backup_policy(FileSystemId=fs)
            ["BackupPolicy"]["Status"])
    # aws_efs_access_point
    point = efs.create_access_point(ClientToken=str(uuid.uuid4()), FileSystemId=fs)["AccessPointId"]
    becomes("access point", "available", lambda: efs.describe_access_points(AccessPointId=point)
            ["AccessPoints"][0]["LifeCycleState"])
    # destroy
    efs.delete_access_point(AccessPointId=point)
    becomes("no access point", "AccessPointNotFound",
            lambda: code(efs.describe_access_points, AccessPointId=point))
    efs.put_backup_policy(FileSystemId=fs, BackupPolicy={"Status": "DISABLED"})
    becomes("no backup", "DISABLED", lambda: efs.describe_backup_policy(FileSystemId=fs)
            ["BackupPolicy"]["Status"])
    efs.delete_file_system_policy(FileSystemId=fs)
    check(code(efs.describe_file_system_policy, FileSystemId=fs) == "PolicyNotFound", "no policy")
    efs.delete_mount_target(MountTargetId=target["MountTargetId"])
    becomes("no mount target", "MountTargetNotFound",
            lambda: code(efs.describe_mount_targets, MountTargetId=target["MountTargetId"]))
    efs.delete_file_system(FileSystemId=fs)
    becomes("no file system", "FileSystemNotFound",
            lambda: code(efs.describe_file_systems, FileSystemId=fs))
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[permission])
    ec2.delete_security_group(GroupId=group)
    check(code(ec2.describe_security_groups, GroupIds=[group]) == "InvalidGroup.NotFound", "no group")
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)


def csi():
    """Dynamic provisioning of a volume, and its deletion."""
    fs = efs.create_file_system(CreationToken=str(uuid.uuid4()))["FileSystemId"]
    becomes("file system", "available", lambda: state(fs))
    target = efs.create_mount_target(
        FileSystemId=fs, SubnetId=ec2.describe_subnets()["Subnets"][0]["SubnetId"])
    becomes("mount target", "available", lambda: target_state(target["MountTargetId"]))
    driver = with_role("efs-csi", "AmazonElasticFileSystemFullAccess")
    volumes_of(driver, fs)
    efs.delete_mount_target(MountTargetId=target["MountTargetId"])
    becomes("no mount target", 0,
            lambda: len(efs.describe_mount_targets(FileSystemId=fs)["MountTargets"]))
    efs.delete_file_system(FileSystemId=fs)


def with_role(name, policy):
    """A client of EFS with the session of a new role that the caller may assume."""
    me = sts.get_caller_identity()
    trust = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": me["Arn"]}, "Action": "sts:AssumeRole"}]}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    check(arn == f"arn:aws:iam::{me['Account']}:role/{name}", "the role's ARN")
    iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
    session = sts.assume_role(RoleArn=arn, RoleSessionName="driver")["Credentials"]
    keys = dict(
        aws_access_key_id=session["AccessKeyId"], aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"])
    who = boto3.client("sts", **common, **keys).get_caller_identity()["Arn"]
    check(who == f"arn:aws:sts::{me['Account']}:assumed-role/{name}/driver", "the session's ARN")
    check(code(boto3.client("iam", **common, **keys).list_users) == "AccessDenied", "no more")
    wrong = {**keys, "aws_session_token": session["SessionToken"][:-8] + "AAAAAAA="}
    check(code(boto3.client("efs", **common, **wrong).describe_file_systems)
          == "UnrecognizedClientException", "a token of no session")
    return boto3.client("efs", **common, **keys)


def volumes_of(efs, fs):
    """What the controller does for volumes."""
    check(len(efs.describe_file_systems(FileSystemId=fs)["FileSystems"]) == 1, "one file system")
    found = efs.describe_mount_targets(FileSystemId=fs)["MountTargets"][0]
    check(found["LifeCycleState"] == "available" and found["IpAddress"], "a mount target to use")
    volumes = []
    for i in range(3):
        token = f"pvc-{uuid.uuid4()}"
        arguments = dict(
            ClientToken=token, FileSystemId=fs, PosixUser={"Uid": 50000 + i, "Gid": 50000 + i},
            RootDirectory={"Path": f"/dynamic/{token}"[:100], "CreationInfo": {
                "OwnerUid": 50000 + i, "OwnerGid": 50000 + i, "Permissions": "700"}},
            Tags=[{"Key": "efs.csi.aws.com/cluster", "Value": "true"}])
        volumes.append(efs.create_access_point(**arguments)["AccessPointId"])
        try:
            efs.create_access_point(**arguments)
            sys.exit("FAILED: a volume twice")
        except ClientError as error:
            check(error.response["Error"]["Code"] == "AccessPointAlreadyExists", "a volume twice")
    seen, token = [], None
    while True:
        arguments = {"NextToken": token} if token else {}
        page = efs.describe_access_points(FileSystemId=fs, MaxResults=2, **arguments)
        seen += [(it["AccessPointId"], it["PosixUser"]["Gid"], it["RootDirectory"]["Path"])
                 for it in page["AccessPoints"]]
        token = page.get("NextToken")
        if not token:
            break
    check(sorted(it[0] for it in seen) == sorted(volumes), "all volumes")
    check({it[1] for it in seen} == {50000, 50001, 50002}, "their gids")
    check(all(it[2].startswith("/dynamic/pvc-") for it in seen), "their paths")
    page = efs.describe_access_points(FileSystemId=fs, MaxResults=1000)
    check(len(page["AccessPoints"]) == 3, "a page of a thousand")
    for volume in volumes:
        efs.delete_access_point(AccessPointId=volume)
        becomes("no volume", "AccessPointNotFound",
                lambda: code(efs.describe_access_points, AccessPointId=volume))
    check(code(efs.delete_access_point, AccessPointId=volumes[0]) == "AccessPointNotFound",
          "a volume deleted twice")


terraform()
csi()
print(f"{checks} checks passed with boto3 {boto3.__version__}: Terraform's order, the CSI driver's")
