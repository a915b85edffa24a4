"""The bucket of photos: nobody reads it without a signature, and nothing stays in it by mistake."""

from __future__ import annotations

import pytest

from closedloop.jobs.removal import REMOVED
from tests.support.template import functions, resources, template
from tests.template.support import grants

(BUCKET,) = resources("AWS::S3::Bucket").values()


def test_the_bucket_is_private_and_encrypted() -> None:
    """All four blocks, no access lists, encryption at rest."""
    assert set(BUCKET["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(BUCKET["PublicAccessBlockConfiguration"]) == 4
    assert BUCKET["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    (rule,) = BUCKET["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_the_bucket_is_reached_over_tls_alone() -> None:
    """Whoever asks without TLS is denied, for the bucket and for each file."""
    (policy,) = resources("AWS::S3::BucketPolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:*")
    assert statement["Resource"] == [
        {"Fn::GetAtt": ["Photos", "Arn"]},
        {"Fn::Sub": "${Photos.Arn}/*"},
    ]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_what_nobody_checked_is_forgotten() -> None:
    """Uploads after two days, parts of an upload after one; photos never by themselves."""
    rules = BUCKET["LifecycleConfiguration"]["Rules"]
    expiring = {each["Prefix"]: each["ExpirationInDays"] for each in rules if "Prefix" in each}
    assert expiring == {"pending/": 2}
    aborted = [each["AbortIncompleteMultipartUpload"] for each in rules if "Prefix" not in each]
    assert aborted == [{"DaysAfterInitiation": 1}]
    assert all(each["Status"] == "Enabled" for each in rules)


def test_only_our_pages_may_send_and_read() -> None:
    """The origins are those of the API."""
    (rule,) = BUCKET["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == {"Ref": "AllowedOrigins"}
    assert set(rule["AllowedMethods"]) == {"GET", "POST"}


def test_photos_outlive_the_stack() -> None:
    """A stack that is deleted by mistake does not take them along."""
    bucket = template()["Resources"]["Photos"]
    assert bucket["DeletionPolicy"] == "RetainExceptOnCreate"
    assert bucket["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize(
    ("folder", "allowed"),
    [
        ("add_photo", {("s3:PutObject", "pending")}),
        ("photo_address", {("s3:GetObject", "photos")}),
        (
            "check_photo",
            {
                ("s3:GetObject", "pending"),
                ("s3:DeleteObject", "pending"),
                ("s3:PutObject", "photos"),
                ("s3:DeleteObject", "photos"),
            },
        ),
        ("forget_photos", {("s3:DeleteObject", "pending"), ("s3:DeleteObject", "photos")}),
    ],
)
def test_each_function_has_its_folder(folder: str, allowed: set[tuple[str, str]]) -> None:
    """A browser uploads to none that is shown; nobody lists photos, and no button deletes one."""
    found = [each for each in grants(folder) if each.action.startswith("s3:")]
    assert {(each.action, str(each.resource["Fn::Sub"]).split("/")[1]) for each in found} == allowed
    others = {
        name for name in functions() for each in grants(name) if each.action.startswith("s3:")
    }
    assert others == {"add_photo", "check_photo", "forget_photos", "photo_address"}


def test_the_removal_of_a_file_is_tried_for_most_of_a_day() -> None:
    """By the stream of the jobs, for rows that name a removed photo; then somebody is told."""
    asked = functions()["forget_photos"]["Events"]["Removed"]["Properties"]
    assert asked["Stream"] == {"Fn::GetAtt": ["Jobs", "StreamArn"]}
    assert asked["MaximumRecordAgeInSeconds"] >= 80_000
    told = asked["DestinationConfig"]["OnFailure"]["Destination"]
    assert told == {"Fn::GetAtt": ["PhotosDeadLetters", "Arn"]}
    (filtered,) = asked["FilterCriteria"]["Filters"]
    assert f'"{REMOVED}": {{"S": [{{"exists": true}}]}}' in filtered["Pattern"]
