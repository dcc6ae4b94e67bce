#!/usr/bin/python3
"""Carries out cases/*.json with the AWS CLI or with boto3, unmodified and with real signatures.

Usage: efs_cases.py cli|boto3 ENDPOINT, with the administrator's key in AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY and another user's in STRANGER_ACCESS_KEY_ID and STRANGER_SECRET_ACCESS_KEY.
The README says what the members of a case mean.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import boto3
import botocore
from botocore.config import Config
from botocore.exceptions import ClientError

HERE = pathlib.Path(__file__).parent
AWS = os.environ.get("AWS_CLI", "/usr/bin/aws")
PATIENCE_SECONDS = 180
ABSENT = object()


def callers():
    key, secret = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    stranger = os.environ["STRANGER_ACCESS_KEY_ID"], os.environ["STRANGER_SECRET_ACCESS_KEY"]
    return {
        "administrator": (key, secret),
        "stranger": stranger,
        "forger": (key, "x" * 40),
        "unknown": ("AKIAIOSFODNN7EXAMPLE", secret),
    }


class Refused(Exception):
    def __init__(self, code, status, members):
        super().__init__(code)
        self.code, self.status, self.members = code, status, members


class Boto3:
    """Calls through boto3."""

    def __init__(self, endpoint):
        self.clients = {
            name: boto3.client(
                "efs", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=key,
                aws_secret_access_key=secret, config=Config(retries={"max_attempts": 1}))
            for name, (key, secret) in callers().items()
        }
        self.name = f"boto3 {boto3.__version__}"

    def knows(self, call, member):
        client = self.clients["administrator"]
        if not hasattr(client, botocore.xform_name(call)):
            return False
        shape = client.meta.service_model.operation_model(call).input_shape
        return member is True or member in shape.members

    def shows(self, call, path):
        shape = self.clients["administrator"].meta.service_model.operation_model(call).output_shape
        for name in path.split("."):
            if shape.type_name == "list":
                shape = shape.member
            elif name in shape.members:
                shape = shape.members[name]
            else:
                return False
        return True

    def call(self, call, caller, arguments):
        try:
            return getattr(self.clients[caller], botocore.xform_name(call))(**arguments)
        except ClientError as error:
            reply = error.response
            if not reply["ResponseMetadata"].get("RequestId"):
                fail(f"{call}: no request id")
            status = reply["ResponseMetadata"]["HTTPStatusCode"]
            raise Refused(reply["Error"]["Code"], status, reply) from None


class Cli:
    """Calls through the AWS CLI, one process each. It shows neither status nor members of errors."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.name = subprocess.run([AWS, "--version"], capture_output=True, text=True).stdout.strip()
        self.model = boto3.client("efs", region_name="us-east-1")

    def knows(self, call, member):  # Debian's CLI brings the models of a botocore of its own.
        help_text = subprocess.run(
            [AWS, "efs", botocore.xform_name(call, "-"), "help"], capture_output=True, text=True,
            env={**os.environ, "PAGER": "cat", "AWS_PAGER": ""})
        told = help_text.stderr + help_text.stdout
        option = "" if member is True else "--" + botocore.xform_name(member, "-")
        return "Invalid choice" not in told and option in told

    def shows(self, call, path):
        return False  # Its models are those of a botocore of its own: nothing tells what they hold.

    def call(self, call, caller, arguments):
        key, secret = callers()[caller]
        environment = {
            **os.environ, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "", "AWS_MAX_ATTEMPTS": "1",
            "AWS_EC2_METADATA_DISABLED": "true"}
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(arguments, file)
            file.flush()
            command = [
                AWS, "--endpoint-url", self.endpoint, "--output", "json", "--no-paginate", "efs",
                botocore.xform_name(call, "-"), "--cli-input-json", f"file://{file.name}"]
            done = subprocess.run(command, capture_output=True, text=True, env=environment)
        if done.returncode == 0:
            return json.loads(done.stdout) if done.stdout.strip() else {}
        told = re.search(r"An error occurred \((\w+)\) when calling the (\w+) operation", done.stderr)
        if not told or told[2] != call:
            fail(f"{call}: the CLI ended with {done.returncode}: {done.stderr.strip()}")
        raise Refused(told[1], None, None)


def fail(text):
    sys.exit(f"FAILED: {text}")


def filled(value, kept):
    if isinstance(value, dict):
        return {key: filled(inner, kept) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, kept) for inner in value]
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+)}", lambda name: kept[name[1]], value)
    return value


def at(reply, path):
    for name in path.split("."):
        if name == "#":
            reply = len(reply)
        elif isinstance(reply, list):
            reply = reply[int(name)] if int(name) < len(reply) else ABSENT
        else:
            reply = reply.get(name, ABSENT) if isinstance(reply, dict) else ABSENT
    return reply


def problem(client, case, statuses, kept):
    """Why the case does not hold; None if it does."""
    call, error = case["call"], case.get("error")
    arguments = filled(case["with"], kept)
    try:
        reply = client.call(call, case.get("as", "administrator"), arguments)
    except Refused as refused:
        if refused.code != error:
            return f"refused with {refused.code}, not {error}"
        if refused.status not in (None, statuses[error]):
            return f"{error} came with status {refused.status}"
        for path, wanted in filled(case.get("carries", {}), kept).items():
            if refused.members is not None and at(refused.members, path) != wanted:
                return f"{error} does not carry {path} {wanted}"
        return None
    if error:
        return f"succeeded, but {error} was expected"
    gives = filled(case.get("gives", {}), kept)
    newer = filled(case.get("newer-gives", {}), kept)
    gives |= {path: wanted for path, wanted in newer.items() if client.shows(call, path)}
    for path, wanted in gives.items():
        found = at(reply, path)
        if found is ABSENT or (wanted != "*" and found != wanted):
            return f"{path} is {'absent' if found is ABSENT else repr(found)}, not {wanted!r}"
    for name, path in case.get("keep", {}).items():
        kept[name] = at(reply, path)
    return None


def main(kind, endpoint):
    client = {"cli": Cli, "boto3": Boto3}[kind](endpoint)
    statuses = json.loads((HERE / "statuses.json").read_text())
    kept, passed, unknown = {}, 0, {}
    for file in sorted((HERE / "cases").glob("*.json")):
        for number, case in enumerate(json.loads(file.read_text()), 1):
            call, newer = case["call"], case.get("newer")
            name = call if newer is True else f"{call}.{newer}"
            if newer and name not in unknown:
                unknown[name] = client.knows(call, newer)
            if newer and not unknown[name]:
                continue
            deadline = time.monotonic() + PATIENCE_SECONDS
            while (what := problem(client, case, statuses, kept)) and case.get("wait"):
                if time.monotonic() > deadline:
                    break
                time.sleep(0.2)
            if what:
                fail(f"{file.name}, case {number}, {call} {json.dumps(case['with'])}: {what}")
            passed += 1
    missing = [call for call, known in unknown.items() if not known]
    note = f"; older than {', '.join(missing)}" if missing else ""
    print(f"{passed} cases passed with {client.name}{note}")


main(sys.argv[1], sys.argv[2])
