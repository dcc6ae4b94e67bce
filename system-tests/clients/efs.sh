#!/usr/bin/env bash
# Drives the control plane with the AWS CLI, unmodified: every operation, and the errors that
# scripts rely on. Usage: efs.sh ENDPOINT [REGION], for a server that accepts any signature.
set -euo pipefail

endpoint=${1:?usage: efs.sh ENDPOINT [REGION]}
export AWS_DEFAULT_REGION=${2:-us-east-1} AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=none
export AWS_EC2_METADATA_DISABLED=true AWS_PAGER='' AWS_MAX_ATTEMPTS=1
aws=${AWS_CLI:-aws}
checks=0

call() { "$aws" --endpoint-url "$endpoint" --output text "$@"; }
efs() { call efs "$@"; }

# same WHAT EXPECTED ACTUAL
same() {
  checks=$((checks + 1))
  if [[ $2 != "$3" ]]; then
    printf 'FAILED %s: expected "%s", got "%s"\n' "$1" "$2" "$3" >&2
    exit 1
  fi
}

# refused CODE COMMAND...: the command fails with the error code.
refused() {
  local code=$1 output
  shift
  checks=$((checks + 1))
  if output=$("$@" 2>&1); then
    printf 'FAILED: %s succeeded, expected %s\n' "$*" "$code" >&2
    exit 1
  fi
  if [[ $output != *"($code)"* ]]; then
    printf 'FAILED: %s said %s, expected %s\n' "$*" "$output" "$code" >&2
    exit 1
  fi
}

# becomes EXPECTED COMMAND...: the command prints it within ten seconds.
becomes() {
  local expected=$1 actual=
  shift
  for _ in {1..50}; do
    actual=$("$@" 2>&1) || true
    [[ $actual == *"$expected"* ]] && checks=$((checks + 1)) && return
    sleep 0.2
  done
  printf 'FAILED: %s stayed "%s", expected "%s"\n' "$*" "$actual" "$expected" >&2
  exit 1
}

state() { efs describe-file-systems --file-system-id "$1" --query 'FileSystems[0].LifeCycleState'; }
mount_state() {
  efs describe-mount-targets --mount-target-id "$1" --query 'MountTargets[0].LifeCycleState'
}

token="check-$$-$RANDOM"

# The network, as scripts find it.
subnet=$(call ec2 describe-subnets --filters Name=default-for-az,Values=true \
  --query 'Subnets[0].SubnetId')
zone=$(call ec2 describe-subnets --subnet-ids "$subnet" --query 'Subnets[0].AvailabilityZone')
same zone "$zone" "$(call ec2 describe-availability-zones --zone-names "$zone" \
  --query 'AvailabilityZones[0].ZoneName')"
vpc=$(call ec2 describe-vpcs --query 'Vpcs[0].VpcId')
refused DryRunOperation call ec2 describe-availability-zones --dry-run
refused InvalidSubnetID.NotFound call ec2 describe-subnets --subnet-ids subnet-12345678

# A file system.
fs=$(efs create-file-system --creation-token "$token" --throughput-mode elastic --encrypted \
  --tags Key=Name,Value=check --query FileSystemId)
becomes available state "$fs"
same name check "$(efs describe-file-systems --creation-token "$token" \
  --query 'FileSystems[0].Name')"
refused FileSystemAlreadyExists efs create-file-system --creation-token "$token"
refused FileSystemNotFound efs describe-file-systems --file-system-id fs-12345678
refused BadRequest efs create-file-system --throughput-mode provisioned
refused ValidationException efs create-file-system --tags Key=aws:x,Value=y
refused UnsupportedAvailabilityZone efs create-file-system --availability-zone-name mars-1a
refused ThroughputLimitExceeded efs create-file-system --throughput-mode provisioned \
  --provisioned-throughput-in-mibps 99999
arn=$(efs describe-file-systems --file-system-id "$fs" --query 'FileSystems[0].FileSystemArn')
same arn "$fs" "$(efs describe-file-systems --file-system-id "$arn" \
  --query 'FileSystems[0].FileSystemId')"

# Throughput.
efs update-file-system --file-system-id "$fs" --throughput-mode provisioned \
  --provisioned-throughput-in-mibps 20 > /dev/null
becomes available state "$fs"
refused TooManyRequests efs update-file-system --file-system-id "$fs" --throughput-mode elastic
refused FileSystemNotFound efs update-file-system --file-system-id fs-12345678 \
  --throughput-mode elastic

# Tags, by id and by ARN, new calls and old.
efs tag-resource --resource-id "$arn" --tags Key=team,Value='storage people' Key=x,Value=
same tags 3 "$(efs list-tags-for-resource --resource-id "$fs" --query 'length(Tags)')"
efs untag-resource --resource-id "$arn" --tag-keys team x
efs create-tags --file-system-id "$fs" --tags Key=old,Value=way
same tags 'Name old' \
  "$(efs describe-tags --file-system-id "$fs" --query "join(' ', Tags[].Key)")"
efs delete-tags --file-system-id "$fs" --tag-keys old
refused FileSystemNotFound efs list-tags-for-resource --resource-id fs-12345678
refused AccessPointNotFound efs tag-resource --resource-id fsap-12345678 --tags Key=k,Value=v

# A mount target.
mt=$(efs create-mount-target --file-system-id "$fs" --subnet-id "$subnet" --query MountTargetId)
becomes available mount_state "$mt"
same vpc "$vpc" "$(efs describe-mount-targets --file-system-id "$fs" \
  --query 'MountTargets[0].VpcId')"
refused MountTargetConflict efs create-mount-target --file-system-id "$fs" --subnet-id "$subnet"
refused SubnetNotFound efs create-mount-target --file-system-id "$fs" --subnet-id subnet-12345678
refused MountTargetNotFound efs describe-mount-targets --mount-target-id fsmt-12345678
refused MountTargetNotFound efs delete-mount-target --mount-target-id fsmt-12345678
refused BadRequest efs describe-mount-targets
groups=$(efs describe-mount-target-security-groups --mount-target-id "$mt" --query SecurityGroups)
efs modify-mount-target-security-groups --mount-target-id "$mt" --security-groups "$groups"
refused SecurityGroupNotFound efs modify-mount-target-security-groups --mount-target-id "$mt" \
  --security-groups sg-12345678
refused FileSystemInUse efs delete-file-system --file-system-id "$fs"

# Access points.
ap=$(efs create-access-point --client-token "$token" --file-system-id "$fs" \
  --posix-user Uid=1000,Gid=1000,SecondaryGids=1,2 \
  --root-directory 'Path=/app,CreationInfo={OwnerUid=1000,OwnerGid=1000,Permissions=0750}' \
  --query AccessPointId)
refused AccessPointAlreadyExists efs create-access-point --client-token "$token" \
  --file-system-id "$fs"
same path /app "$(efs describe-access-points --access-point-id "$ap" \
  --query 'AccessPoints[0].RootDirectory.Path')"
same by-file-system "$ap" "$(efs describe-access-points --file-system-id "$fs" \
  --query 'AccessPoints[0].AccessPointId')"
same mount-target "$mt" "$(efs describe-mount-targets --access-point-id "$ap" \
  --query 'MountTargets[0].MountTargetId')"
refused ValidationException efs create-access-point --file-system-id "$fs" \
  --root-directory Path=//pvc
efs delete-access-point --access-point-id "$ap"
becomes AccessPointNotFound efs describe-access-points --access-point-id "$ap"

# Settings.
efs put-lifecycle-configuration --file-system-id "$fs" \
  --lifecycle-policies TransitionToIA=AFTER_30_DAYS > /dev/null
same lifecycle AFTER_30_DAYS "$(efs describe-lifecycle-configuration --file-system-id "$fs" \
  --query 'LifecyclePolicies[0].TransitionToIA')"
refused BadRequest efs put-lifecycle-configuration --file-system-id "$fs" --lifecycle-policies \
  TransitionToIA=AFTER_30_DAYS TransitionToIA=AFTER_7_DAYS
refused PolicyNotFound efs describe-backup-policy --file-system-id "$fs"
efs put-backup-policy --file-system-id "$fs" --backup-policy Status=ENABLED > /dev/null
becomes ENABLED efs describe-backup-policy --file-system-id "$fs"
refused PolicyNotFound efs describe-file-system-policy --file-system-id "$fs"
policy='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},'
policy+='"Action":["elasticfilesystem:ClientMount"],"Resource":"*"}]}'
efs put-file-system-policy --file-system-id "$fs" --policy "$policy" \
  --bypass-policy-lockout-safety-check > /dev/null
same policy 1 "$(efs describe-file-system-policy --file-system-id "$fs" --query Policy \
  | grep -c ClientMount)"
refused InvalidPolicyException efs put-file-system-policy --file-system-id "$fs" --policy '{}'
efs delete-file-system-policy --file-system-id "$fs"
same long LONG_ID "$(efs put-account-preferences --resource-id-type LONG_ID \
  --query ResourceIdPreference.ResourceIdType)"
refused BadRequest efs put-account-preferences --resource-id-type SHORT_ID
same long LONG_ID "$(efs describe-account-preferences --query ResourceIdPreference.ResourceIdType)"

# Pages.
for i in 1 2 3; do
  efs create-file-system --creation-token "$token-$i" > /dev/null
done
same pages 3 "$(efs describe-file-systems --page-size 2 \
  --query "length(FileSystems[?starts_with(CreationToken, '$token-')])" \
  | awk '{s += $1} END {print s}')"

# The end.
for i in 1 2 3; do
  efs delete-file-system --file-system-id "$(efs describe-file-systems \
    --creation-token "$token-$i" --query 'FileSystems[0].FileSystemId')"
done
efs delete-mount-target --mount-target-id "$mt"
becomes MountTargetNotFound efs describe-mount-targets --mount-target-id "$mt"
efs delete-file-system --file-system-id "$fs"
becomes FileSystemNotFound efs describe-file-systems --file-system-id "$fs"

printf '%d checks passed with %s\n' "$checks" "$("$aws" --version)"
