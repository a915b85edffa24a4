"""Least privilege: a function may touch what it names, in the way it names, and nothing else."""

from __future__ import annotations

import pytest

from tests.support.template import functions, resources, template
from tests.template.support import Grant, all_statements, grants, listed, table_of

DESTROYS_OR_READS_ALL = ("Delete", "Scan", "PartiQL", "Purge", "Export", "Restore", "Import")
ALLOWED: dict[tuple[str, str], str] = {
    ("broadcast", "dynamodb:DeleteItem"): "forgets a connection that is gone",
    ("check_photo", "s3:DeleteObject"): "an upload that was checked is not kept as it came",
    ("forget_photos", "s3:DeleteObject"): "a photo that was taken off its job is not kept",
    ("fanout", "dynamodb:DeleteItem"): "same",
    ("socket_connect", "dynamodb:DeleteItem"): "redeems a ticket, which must not be there twice",
    ("socket_disconnect", "dynamodb:DeleteItem"): "forgets a connection that has ended",
}
"""Function and action of the kinds above → why it must."""

SOCKETS = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Sockets}/live/"
CONNECTIONS = {SOCKETS + "POST/@connections/*", SOCKETS + "DELETE/@connections/*"}
FOLDERS = {
    f"${{{bucket}.Arn}}/{each}/*"
    for bucket in resources("AWS::S3::Bucket")
    for each in ("pending", "photos")
}
SELLERS = (
    "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:"
    "${AWS::StackName}/square/*"
)
UNNAMED = {*CONNECTIONS, *FOLDERS, SELLERS}
"""What has no name in the template: the open sockets of its own API, the files of its own buckets
in one folder, and the secrets of the orgs that are connected with Square."""

ITEM_ACTIONS = {
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
}
"""The item calls of DynamoDB that a function may be granted; a table's own life is the stack's."""

ARN_ATTRIBUTES = {"Arn", "TopicArn", "StreamArn"}

each_function = pytest.mark.parametrize("folder", sorted(functions()))
tables = resources("AWS::DynamoDB::Table")


def data_grants(folder: str) -> list[Grant]:
    """What a function may do with data."""
    return [each for each in grants(folder) if each.action.startswith("dynamodb:")]


def test_no_statement_has_a_wildcard() -> None:
    """Neither an action nor a resource of any policy has a star in it."""
    for holder, statement in all_statements():
        assert {"Effect", "Action", "Resource"} == set(statement) - {"Sid", "Condition"}, holder
        for part in listed(statement["Action"]) + listed(statement["Resource"]):
            unnamed = isinstance(part, dict) and part.get("Fn::Sub") in UNNAMED
            assert unnamed or "*" not in str(part), holder


@each_function
def test_a_function_names_its_tables(folder: str) -> None:
    """Every data grant is on the ARN of a table of this template, or of one of its indexes."""
    for grant in data_grants(folder):
        assert isinstance(grant.resource, dict), f"{grant.resource} is written out"
        assert table_of(grant.resource) in tables, grant


@each_function
def test_other_grants_are_on_resources_of_this_template(folder: str) -> None:
    """A queue, a secret, a topic: named by reference, never by a text of its own."""
    for grant in set_of_others(folder):
        if grant.action == "execute-api:ManageConnections":
            assert grant.resource["Fn::Sub"] in CONNECTIONS
            continue
        if grant.action.startswith("s3:"):
            assert grant.resource["Fn::Sub"] in FOLDERS
            continue
        if grant.resource.get("Fn::Sub") == SELLERS:
            assert grant.action.startswith("secretsmanager:"), grant
            continue
        name, attribute = grant.resource.get("Fn::GetAtt", ("", ""))
        by_reference = grant.resource.get("Ref", name)
        assert by_reference in template()["Resources"], grant
        assert not attribute or attribute in ARN_ATTRIBUTES, grant


@each_function
def test_a_function_calls_items_alone(folder: str) -> None:
    """It reads and writes items; a whole index is only ever queried."""
    for grant in data_grants(folder):
        assert grant.action in ITEM_ACTIONS, grant
        assert "Fn::Sub" not in grant.resource or grant.action == "dynamodb:Query", grant


@each_function
def test_nothing_deletes_or_reads_all(folder: str) -> None:
    """An action that destroys, or reads a whole table, needs a reason in the list."""
    for grant in grants(folder):
        feared = any(word in grant.action for word in DESTROYS_OR_READS_ALL)
        assert not feared or (folder, grant.action) in ALLOWED, grant


def test_no_reason_outlives_its_grant() -> None:
    """What is excused is still granted."""
    granted = {(folder, grant.action) for folder in functions() for grant in grants(folder)}
    assert set(ALLOWED) <= granted


@each_function
def test_nothing_is_granted_twice(folder: str) -> None:
    """A grant that stands twice is one that somebody will forget to take away."""
    found = [(each.action, str(each.resource)) for each in grants(folder)]
    assert len(set(found)) == len(found)


@each_function
def test_policies_are_the_functions_own_or_shared_here(folder: str) -> None:
    """No AWS-managed policy and no SAM template policy: their actions are not in sight."""
    for policy in functions()[folder].get("Policies", []):
        assert isinstance(policy, dict), policy
        assert "Statement" in policy or policy.get("Ref") in resources("AWS::IAM::ManagedPolicy")


def test_no_role_is_made_by_hand() -> None:
    """SAM makes one role for each function from its policies; nothing goes past these tests."""
    assert not resources("AWS::IAM::Role")
    assert not resources("AWS::IAM::Policy")
    assert all("Role" not in properties for properties in functions().values())


def set_of_others(folder: str) -> list[Grant]:
    """What a function may do beside data."""
    return [each for each in grants(folder) if not each.action.startswith("dynamodb:")]


def test_every_queue_is_reached_over_tls_alone() -> None:
    """Whoever asks without TLS is denied, whatever else allows it."""
    closed = []
    for properties in resources("AWS::SQS::QueuePolicy").values():
        statement, *_ = properties["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Action"]) == ("Deny", "sqs:*")
        assert (statement["Principal"], statement["Resource"]) == ("*", "*")
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        closed += [each["Ref"] for each in properties["Queues"]]
    # Each in one policy: a second one would take the place of the first.
    assert sorted(closed) == sorted(resources("AWS::SQS::Queue"))


def test_a_queue_is_filled_by_rules_of_this_template_alone() -> None:
    """What a queue's policy allows is one rule's to send."""
    for properties in resources("AWS::SQS::QueuePolicy").values():
        for statement in properties["PolicyDocument"]["Statement"][1:]:
            assert (statement["Effect"], statement["Action"]) == ("Allow", "sqs:SendMessage")
            assert statement["Principal"] == {"Service": "events.amazonaws.com"}
            rule, _ = statement["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::GetAtt"]
            (target,) = resources("AWS::Events::Rule")[rule]["Targets"]
            assert target["Arn"] == statement["Resource"]
