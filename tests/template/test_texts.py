"""The queues of texts and who works on them: both alike, and together within Twilio's limits."""

from __future__ import annotations

from closedloop.texts.handlers.settle import AT_ONCE
from tests.support.template import functions, resources
from tests.template.support import grants

QUEUES = {"SmsQueue": "SMS_QUEUE_URL", "SmsMarketingQueue": "SMS_MARKETING_QUEUE_URL"}
CALLS_AT_ONCE = 100
"""About so many calls of one account Twilio takes at once; beyond them it answers 429."""


def mapped() -> dict[str, int]:
    """How many workers the mapping of each queue may start."""
    events = functions()["send_sms"]["Events"].values()
    return {
        each["Properties"]["Queue"]["Fn::GetAtt"][0]: each["Properties"]["ScalingConfig"][
            "MaximumConcurrency"
        ]
        for each in events
    }


def test_both_queues_have_workers_and_together_they_fit() -> None:
    """Campaigns have fewer, and with the look-ups all stay below Twilio's limit."""
    workers = mapped()
    assert workers.keys() == QUEUES.keys()
    assert workers["SmsMarketingQueue"] < workers["SmsQueue"]
    assert sum(workers.values()) + AT_ONCE < CALLS_AT_ONCE


def test_the_queues_are_alike() -> None:
    """Standard ones, for a group of a FIFO queue would send one text of an org at a time."""
    queues = resources("AWS::SQS::Queue")
    one, other = (
        {name: value for name, value in queues[each].items() if name != "QueueName"}
        for each in QUEUES
    )
    assert one == other
    assert "FifoQueue" not in one


def test_whoever_knows_one_queue_knows_and_may_use_the_other() -> None:
    """Or campaigns would be the only texts that AWS refuses."""
    for folder, properties in functions().items():
        known = properties.get("Environment", {}).get("Variables", {})
        assert len({each in known for each in QUEUES.values()}) == 1, folder
        may = {
            name: {each.action for each in grants(folder) if name in str(each.resource)}
            for name in QUEUES
        }
        assert may["SmsQueue"] == may["SmsMarketingQueue"], folder
