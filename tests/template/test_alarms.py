"""Somebody is told: of every queue of what was given up, and by every alarm."""

from __future__ import annotations

from tests.support.template import functions, resources

ALARMS = resources("AWS::CloudWatch::Alarm")


def given_up_to() -> set[str]:
    """The queues that take what was tried often enough: by a queue's redrive, or a stream's."""
    queues = resources("AWS::SQS::Queue").values()
    redriven = [
        each["RedrivePolicy"]["deadLetterTargetArn"] for each in queues if "RedrivePolicy" in each
    ]
    discarded = [
        event["Properties"]["DestinationConfig"]["OnFailure"]["Destination"]
        for properties in functions().values()
        for event in properties.get("Events", {}).values()
        if "DestinationConfig" in event["Properties"]
    ]
    return {each["Fn::GetAtt"][0] for each in [*redriven, *discarded]}


def test_every_queue_of_what_was_given_up_is_watched() -> None:
    """None of them fills up in silence."""
    watched = {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in ALARMS.values()
        for dimension in alarm.get("Dimensions", [])
        if dimension["Name"] == "QueueName"
    }
    assert given_up_to()
    assert given_up_to() <= watched


def test_every_alarm_tells_somebody() -> None:
    """All of them go to the topic that the email address subscribes to."""
    assert ALARMS
    assert all(alarm["AlarmActions"] == [{"Ref": "Alarms"}] for alarm in ALARMS.values())
