#!/usr/bin/python3
"""Takes on a role with the token of an OpenID Connect issuer, as a pod does, with boto3.

Usage: web_identity.py ENDPOINT KEY, an issuer's RSA key, with the administrator's key in the
environment; web_identity.py --keys KEY prints the key set that the issuer publishes.
"""

import base64
import json
import subprocess
import sys
import time

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

ISSUER, AUDIENCE, SUBJECT = "https://tokens.example.org", "sts.amazonaws.com", "system:pod:efs"


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, given=None):
    return subprocess.run(["/usr/bin/openssl", *arguments], input=given, check=True,
                          stdout=subprocess.PIPE).stdout


def key_set(key):
    modulus = openssl("rsa", "-in", key, "-noout", "-modulus").decode().strip().split("=")[1]
    return {"keys": [{"kty": "RSA", "kid": "1", "use": "sig", "e": "AQAB",
                      "n": text(bytes.fromhex(modulus))}]}


def token(key, **claims):
    header = {"alg": "RS256", "kid": "1", "typ": "JWT"}
    said = {"iss": ISSUER, "aud": [AUDIENCE], "sub": SUBJECT, "exp": int(time.time()) + 300,
            **claims}
    content = f"{text(json.dumps(header).encode())}.{text(json.dumps(said).encode())}"
    return f"{content}.{text(openssl('dgst', '-sha256', '-sign', key, given=content.encode()))}"


def check(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def main(endpoint, key):
    common = dict(endpoint_url=endpoint, region_name="us-east-1")
    iam = boto3.client("iam", **common)
    account = boto3.client("sts", **common).get_caller_identity()["Account"]
    trust = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/tokens.example.org"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"tokens.example.org:sub": SUBJECT}}}]}
    role = iam.create_role(RoleName="pod", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.attach_role_policy(
        RoleName="pod",
        PolicyArn="arn:aws:iam::aws:policy/AmazonElasticFileSystemReadOnlyAccess")
    sts = boto3.client("sts", **common, config=Config(signature_version=UNSIGNED))
    asked = dict(RoleArn=role["Arn"], RoleSessionName="pod-1")

    made = sts.assume_role_with_web_identity(WebIdentityToken=token(key), **asked)
    check(made["SubjectFromWebIdentityToken"] == SUBJECT, "the subject")
    check(made["Audience"] == AUDIENCE, "the audience")
    for wanted, said in {
            "AccessDenied": {"sub": "somebody else"}, "ExpiredTokenException": {"exp": 1},
            "InvalidIdentityToken": {"aud": "elsewhere"}}.items():
        try:
            sts.assume_role_with_web_identity(WebIdentityToken=token(key, **said), **asked)
            sys.exit(f"FAILED: {said} was believed")
        except ClientError as error:
            check(error.response["Error"]["Code"] == wanted, f"{said}: {error}")
    try:
        sts.get_caller_identity()
        sys.exit("FAILED: a call without a signature was answered")
    except ClientError as error:
        check(error.response["Error"]["Code"] == "MissingAuthenticationToken", f"unsigned: {error}")

    session = made["Credentials"]
    efs = boto3.client(
        "efs", **common, aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"])
    check(efs.describe_file_systems()["FileSystems"] == [], "what the role may do")
    try:
        efs.create_file_system()
        sys.exit("FAILED: the role may do more than its policy allows")
    except ClientError as error:
        check(error.response["Error"]["Code"] == "AccessDeniedException", f"{error}")
    print(f"a token stood for {made['AssumedRoleUser']['Arn']} with boto3 {boto3.__version__}")


if sys.argv[1] == "--keys":
    print(json.dumps(key_set(sys.argv[2])))
else:
    main(*sys.argv[1:])
