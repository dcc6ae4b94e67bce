// Drives the control plane with the AWS SDK for JavaScript v3, unmodified: every operation that is
// served, and errors. Usage: node efs_sdk.mjs ENDPOINT, with @aws-sdk/client-efs to be found from
// the current folder, for a server that accepts any signature.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(process.cwd() + "/"));
const { EFS } = require("@aws-sdk/client-efs");
const endpoint = process.argv[2];
const efs = new EFS({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "none" },
  maxAttempts: 1,
});
let checks = 0;

function check(condition, what) {
  if (!condition) throw new Error(`FAILED: ${what}`);
  checks++;
}

async function refused(name, status, call) {
  try {
    await call;
  } catch (error) {
    check(error.name === name, `${name}: got ${error.name}: ${error.message}`);
    check(error.$metadata.httpStatusCode === status, `${name}: ${error.$metadata.httpStatusCode}`);
    check(Boolean(error.$metadata.requestId), `${name}: request id`);
    return error;
  }
  throw new Error(`FAILED: expected ${name}`);
}

async function eventually(what, probe) {
  for (let i = 0; i < 100; i++) {
    if (await probe()) return check(true, what);
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`FAILED: ${what}`);
}

const none = "fs-12345678";
const token = `js-${process.pid}-${Date.now()}`;
const made = await efs.createFileSystem({
  CreationToken: token,
  Encrypted: true,
  ThroughputMode: "elastic",
  Tags: [{ Key: "Name", Value: "js" }],
});
const FileSystemId = made.FileSystemId;
const state = async (id) => {
  const found = await efs.describeFileSystems({ FileSystemId: id });
  return found.FileSystems[0].LifeCycleState;
};
check(made.CreationTime instanceof Date && made.LifeCycleState === "creating", "created");
await eventually("available", async () => (await state(FileSystemId)) === "available");
const again = await refused(
  "FileSystemAlreadyExists", 409, efs.createFileSystem({ CreationToken: token }));
check(again.FileSystemId === FileSystemId, "the error tells the id");
await refused("FileSystemNotFound", 404, efs.describeFileSystems({ FileSystemId: none }));
await refused("BadRequest", 400, efs.createFileSystem({ ThroughputMode: "provisioned" }));
await refused("UnsupportedAvailabilityZone", 400,
  efs.createFileSystem({ AvailabilityZoneName: "mars-1a" }));
await refused("ThroughputLimitExceeded", 400,
  efs.createFileSystem({ ThroughputMode: "provisioned", ProvisionedThroughputInMibps: 99999 }));

await efs.putLifecycleConfiguration({
  FileSystemId, LifecyclePolicies: [{ TransitionToIA: "AFTER_7_DAYS" }] });
const lifecycle = await efs.describeLifecycleConfiguration({ FileSystemId });
check(lifecycle.LifecyclePolicies[0].TransitionToIA === "AFTER_7_DAYS", "lifecycle");
await refused("PolicyNotFound", 404, efs.describeFileSystemPolicy({ FileSystemId }));
await efs.putFileSystemPolicy({ FileSystemId, Policy: JSON.stringify({ Statement: [
  { Effect: "Allow", Principal: { AWS: "*" }, Action: "elasticfilesystem:ClientMount" }] }) });
const policy = JSON.parse((await efs.describeFileSystemPolicy({ FileSystemId })).Policy);
check(policy.Statement[0].Resource === made.FileSystemArn, "the policy names its resource");
check(policy.Statement[0].Sid.startsWith("efs-statement-"), "the statement has a Sid");
await refused("InvalidPolicyException", 400, efs.putFileSystemPolicy({ FileSystemId, Policy: "{}" }));
await efs.deleteFileSystemPolicy({ FileSystemId });
await refused("PolicyNotFound", 404, efs.describeBackupPolicy({ FileSystemId }));
await efs.putBackupPolicy({ FileSystemId, BackupPolicy: { Status: "ENABLED" } });
await eventually("backup policy", async () =>
  (await efs.describeBackupPolicy({ FileSystemId })).BackupPolicy.Status === "ENABLED");
const protection = await efs.updateFileSystemProtection({
  FileSystemId, ReplicationOverwriteProtection: "DISABLED" });
check(protection.ReplicationOverwriteProtection === "DISABLED", "protection");

await efs.tagResource({ ResourceId: made.FileSystemArn, Tags: [{ Key: "a", Value: "b c" }] });
await efs.createTags({ FileSystemId, Tags: [{ Key: "old", Value: "way" }] });
check((await efs.listTagsForResource({ ResourceId: FileSystemId })).Tags.length === 3, "tags");
check((await efs.describeTags({ FileSystemId })).Tags.length === 3, "tags, the old way");
await efs.untagResource({ ResourceId: FileSystemId, TagKeys: ["a", "old"] });
await efs.deleteTags({ FileSystemId, TagKeys: ["Name"] });
check((await efs.listTagsForResource({ ResourceId: FileSystemId })).Tags.length === 0, "no tags");

const SubnetId = "subnet-00000000000012702";
const target = await efs.createMountTarget({ FileSystemId, SubnetId });
const MountTargetId = target.MountTargetId;
await eventually("mount target", async () =>
  (await efs.describeMountTargets({ MountTargetId })).MountTargets[0].LifeCycleState
    === "available");
await refused("MountTargetConflict", 409, efs.createMountTarget({ FileSystemId, SubnetId }));
await refused("SubnetNotFound", 400,
  efs.createMountTarget({ FileSystemId, SubnetId: "subnet-12345678" }));
await refused("IpAddressInUse", 409, efs.createMountTarget({
  FileSystemId: FileSystemId, SubnetId: "subnet-00000000000012703", IpAddress: "127.0.3.4",
}).then(async (taken) => {
  const other = await efs.createFileSystem({ CreationToken: token + "-other" });
  await eventually("other", async () => (await state(other.FileSystemId)) === "available");
  return efs.createMountTarget({ FileSystemId: other.FileSystemId,
    SubnetId: taken.SubnetId, IpAddress: taken.IpAddress });
}));
const { SecurityGroups } = await efs.describeMountTargetSecurityGroups({ MountTargetId });
await efs.modifyMountTargetSecurityGroups({ MountTargetId, SecurityGroups });
await refused("SecurityGroupNotFound", 400, efs.modifyMountTargetSecurityGroups({
  MountTargetId, SecurityGroups: ["sg-12345678"] }));
await refused("SecurityGroupLimitExceeded", 400, efs.modifyMountTargetSecurityGroups({
  MountTargetId, SecurityGroups: Array(6).fill(SecurityGroups[0]) }));
await refused("FileSystemInUse", 409, efs.deleteFileSystem({ FileSystemId }));

const point = await efs.createAccessPoint({
  ClientToken: token, FileSystemId, PosixUser: { Uid: 1, Gid: 2, SecondaryGids: [3] },
  RootDirectory: { Path: "/a", CreationInfo: { OwnerUid: 1, OwnerGid: 2, Permissions: "0750" } } });
const exists = await refused("AccessPointAlreadyExists", 409,
  efs.createAccessPoint({ ClientToken: token, FileSystemId }));
check(exists.AccessPointId === point.AccessPointId, "the error tells the id");
check((await efs.describeAccessPoints({ FileSystemId })).AccessPoints.length === 1, "points");
await efs.deleteAccessPoint({ AccessPointId: point.AccessPointId });
await refused("AccessPointNotFound", 404, efs.deleteAccessPoint({ AccessPointId: "fsap-12345678" }));

await efs.putAccountPreferences({ ResourceIdType: "LONG_ID" });
const preferences = await efs.describeAccountPreferences({});
check(preferences.ResourceIdPreference.ResourceIdType === "LONG_ID", "preferences");
await efs.updateFileSystem({
  FileSystemId, ThroughputMode: "provisioned", ProvisionedThroughputInMibps: 10 });
await eventually("updated", async () => (await state(FileSystemId)) === "available");
await refused("TooManyRequests", 429, efs.updateFileSystem({
  FileSystemId, ThroughputMode: "bursting" }));

const targets = (await efs.describeMountTargets({ FileSystemId })).MountTargets;
for (const each of targets) await efs.deleteMountTarget({ MountTargetId: each.MountTargetId });
await eventually("no mount targets", async () =>
  (await efs.describeMountTargets({ FileSystemId })).MountTargets.length === 0);
await refused("MountTargetNotFound", 404, efs.describeMountTargets({ MountTargetId }));
await efs.deleteFileSystem({ FileSystemId });
await eventually("deleted", async () => {
  try {
    await state(FileSystemId);
    return false;
  } catch (error) {
    return error.name === "FileSystemNotFound";
  }
});
console.log(`${checks} checks passed with the AWS SDK for JavaScript v3`);
