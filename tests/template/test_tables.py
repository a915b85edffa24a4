"""Tables: as docs/data-model says, and none that loses data or costs when idle."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.support.template import resources, template

ROW = ("org_id", "id")


@dataclass(frozen=True)
class Facts:
    """What a table is meant to be."""

    indexes: frozenset[str] = frozenset()
    stream: bool = False
    expires: str | None = None
    key: tuple[str, ...] = ROW


def business(*indexes: str) -> Facts:
    """Rows that other screens see: on a stream, deleted ones kept as long as catch-up reaches."""
    return Facts(frozenset(indexes), stream=True, expires="expires_at")


MEANT = {
    "appointments": business("by_start"),
    "appointment_holds": business("by_start", "by_work"),
    "calls": business("by_created"),
    "codes": Facts(expires="expires_at"),
    "connections": Facts(frozenset({"by_org"}), expires="expires_at", key=("connection_id",)),
    "contacts": business("by_created", "by_phone", "by_status"),
    "jobs": business("by_start"),
    "journal": Facts(frozenset({"by_row", "by_time"}), expires="expires_at"),
    "leads": business("by_created", "by_phone", "by_status"),
    "orgs": Facts(frozenset({"by_credential", "by_merchant", "by_work"})),
    "reconcile": Facts(stream=True, expires="expires_at"),
    "sms_logs": business("by_attention", "by_created", "by_person", "by_vendor_id", "by_work"),
    "system": Facts(expires="expiration", key=("id",)),
}

GLOBAL_INDEXES = {"by_credential", "by_merchant", "by_vendor_id", "by_work"}
"""These find the org of somebody who is no user (a webhook, a caller), or the work of all orgs."""

FOUND = {
    properties["TableName"]["Fn::Sub"].removeprefix("${AWS::StackName}-"): (name, properties)
    for name, properties in resources("AWS::DynamoDB::Table").items()
}
each_table = pytest.mark.parametrize("table", MEANT)


def test_there_are_these_tables() -> None:
    """No more and no fewer."""
    assert FOUND.keys() == MEANT.keys()


@each_table
def test_a_table_survives(table: str) -> None:
    """Deleting the stack keeps it, and any second of the last weeks can be restored."""
    name, properties = FOUND[table]
    resource = template()["Resources"][name]
    assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resource["UpdateReplacePolicy"] == "Retain"
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


@each_table
def test_a_table_is_encrypted_and_paid_by_use(table: str) -> None:
    """Encryption at rest with a key in our account's sight; no capacity to plan."""
    _, properties = FOUND[table]
    assert properties["SSESpecification"]["SSEEnabled"] is True
    assert properties["BillingMode"] == "PAY_PER_REQUEST"


@each_table
def test_a_row_is_keyed_by_its_org(table: str) -> None:
    """org_id and id, but for what lives outside of any org."""
    _, properties = FOUND[table]
    kinds = ("HASH", "RANGE")[: len(MEANT[table].key)]
    assert [(each["AttributeName"], each["KeyType"]) for each in properties["KeySchema"]] == list(
        zip(MEANT[table].key, kinds, strict=True)
    )


@each_table
def test_an_index_stays_within_the_org(table: str) -> None:
    """Its hash is org_id, but for the few that find the org."""
    _, properties = FOUND[table]
    indexes = properties.get("GlobalSecondaryIndexes", [])
    assert {each["IndexName"] for each in indexes} == MEANT[table].indexes
    for each in indexes:
        within = each["KeySchema"][0]["AttributeName"] == "org_id"
        assert within is (each["IndexName"] not in GLOBAL_INDEXES), each["IndexName"]


@each_table
def test_a_change_is_on_the_stream(table: str) -> None:
    """With the row before and after, where something reacts to it; nowhere else."""
    _, properties = FOUND[table]
    stream = properties.get("StreamSpecification", {}).get("StreamViewType")
    assert stream == ("NEW_AND_OLD_IMAGES" if MEANT[table].stream else None)


@each_table
def test_what_may_expire_does(table: str) -> None:
    """TTL on the tables whose rows end; none on those whose rows must not."""
    _, properties = FOUND[table]
    ttl = properties.get("TimeToLiveSpecification", {"AttributeName": None})
    assert ttl["AttributeName"] == MEANT[table].expires
    assert ttl.get("Enabled", False) is (MEANT[table].expires is not None)
