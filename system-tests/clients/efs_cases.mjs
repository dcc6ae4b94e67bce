// Carries out cases/*.json with the AWS SDK for JavaScript v3, unmodified and with real signatures.
// Usage: node efs_cases.mjs ENDPOINT, with the keys in the environment as efs_cases.py has them.
import * as sdk from "@aws-sdk/client-efs";
import { readFileSync, readdirSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

const PATIENCE_MILLIS = 90_000;
const [endpoint] = process.argv.slice(2);
const here = new URL(".", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, here), "utf8"));
const env = process.env;
const keys = {
  administrator: [env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY],
  stranger: [env.STRANGER_ACCESS_KEY_ID, env.STRANGER_SECRET_ACCESS_KEY],
  forger: [env.AWS_ACCESS_KEY_ID, "x".repeat(40)],
  unknown: ["AKIAIOSFODNN7EXAMPLE", env.AWS_SECRET_ACCESS_KEY],
};
const clients = Object.fromEntries(Object.entries(keys).map(
  ([name, [accessKeyId, secretAccessKey]]) => [name, new sdk.EFSClient({
    endpoint, region: "us-east-1", credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1,
  })]));
const statuses = read("statuses.json");
const kept = {};

const filled = (value) => {
  if (Array.isArray(value)) return value.map(filled);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]));
  }
  return typeof value === "string"
    ? value.replace(/\$\{(\w+)}/g, (_, name) => kept[name]) : value;
};

const at = (reply, path) => path.split(".").reduce(
  (found, name) => (name === "#" ? found?.length : found?.[name]), reply);

// Why the case does not hold; undefined if it does.
async function problem(step) {
  let reply;
  try {
    const Command = sdk[`${step.call}Command`];
    reply = await clients[step.as ?? "administrator"].send(new Command(filled(step.with)));
  } catch (error) {
    // Names of the model's own errors may end with the word that says what they are.
    if (error.name !== step.error) return `refused with ${error.name} (${error.message})`;
    const status = error.$metadata.httpStatusCode;
    if (status !== statuses[step.error]) return `${step.error} came with status ${status}`;
    for (const [path, wanted] of Object.entries(filled(step.carries ?? {}))) {
      if (at(error, path) !== wanted) return `${step.error} does not carry ${path} ${wanted}`;
    }
    return undefined;
  }
  if (step.error) return `succeeded, but ${step.error} was expected`;
  for (const [path, wanted] of Object.entries(filled({ ...step.gives, ...step["newer-gives"] }))) {
    const found = at(reply, path);
    if (found === undefined || (wanted !== "*" && !isDeepStrictEqual(found, wanted))) {
      return `${path} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`;
    }
  }
  for (const [name, path] of Object.entries(step.keep ?? {})) kept[name] = at(reply, path);
  return undefined;
}

let passed = 0;
for (const file of readdirSync(new URL("cases", here)).sort()) {
  for (const [index, step] of read(`cases/${file}`).entries()) {
    const deadline = Date.now() + PATIENCE_MILLIS;
    let what = await problem(step);
    while (what && step.wait && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      what = await problem(step);
    }
    if (what) {
      console.error(`FAILED: ${file}, case ${index + 1}, ${step.call}`
        + ` ${JSON.stringify(step.with)}: ${what}`);
      process.exit(1);
    }
    passed += 1;
  }
}
const { version } = JSON.parse(readFileSync(
  new URL("node_modules/@aws-sdk/client-efs/package.json", here), "utf8"));
console.log(`${passed} cases passed with @aws-sdk/client-efs ${version}`);
