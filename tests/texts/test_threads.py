"""The list of conversations: each person once, the latest first, and who waits for an answer."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.texts import keywords, threads
from tests.support.asking import ask, pages
from tests.support.wire import wire

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from tests.support.database import Database
    from tests.texts.world import World

WORDS = json.loads((Path(__file__).parent / "waiting_words.json").read_text(encoding="utf-8"))
"""Texts, and whether they wait for somebody. The page's own tests read them too."""

SORTS: list[dict[str, Any]] = [
    {}, {}, {"direction": "out", "status": "sent"}, {"message": "STOP"}, {"answer": "Thank you."},
]  # fmt: skip
"""A question, our word, and theirs that wait for nobody."""

OF_THE_PAGE = Path(__file__).parents[2] / "web/src/data/obeyed-words.json"


def sms(number: int, table: str, person: str, at: str, **more: Any) -> Row:
    """A text of a thread."""
    row_id = f"sms_{number}"
    return {
        "id": row_id,
        "person_table": table,
        "person_id": person,
        "person_key": f"{table}#{person}#{at}#{row_id}",
        "message": f"Question {number}?",
        "segments": 1,
        "direction": "in",
        "status": "received",
        "category": "reply",
        "created_at": at,
        **more,
    }


def minute(number: int) -> str:
    """A time, the later the larger."""
    return f"2027-01-{1 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:00.000Z"


def furnish(db: Database, org: str, people: int = 20, texts: int = 160) -> list[Row]:
    """People of both kinds and texts between them and us; some come in the same millisecond."""
    chance = random.Random(7)
    kinds = [("leads", "contacts")[number % 2] for number in range(people)]
    pairs = [chance.sample(range(people), 2) for _ in range(texts // 2)]
    rows = [
        sms(number, kinds[whose], f"p_{whose}", minute(number // 2), **chance.choice(SORTS))
        for number, whose in enumerate(each for pair in pairs for each in pair)
    ]
    db.put(org, {"sms_logs": rows})
    for table in ("leads", "contacts"):
        named = [
            {"id": f"p_{each}", "name": f"Person {each}", "phone": "+13125550143"}
            for each in range(people)
            if kinds[each] == table
        ]
        db.put(org, {table: named})
    return rows


def meant(rows: list[Row], *, unanswered: bool) -> list[str]:
    """The last text of each person, by time; those of one time by their ids."""
    last = {row["person_id"]: row for row in sorted(rows, key=lambda each: each["created_at"])}
    found = [row for row in last.values() if not unanswered or threads.unanswered(row)]
    return [row["id"] for row in sorted(found, key=lambda row: (row["created_at"], row["id"]))]


def ids(listed: list[dict[str, Any]]) -> list[str]:
    """The same of what was listed, once it is known to be listed in order."""
    times = [each["at"] for each in listed]
    assert times == sorted(times, reverse=True)
    return [last for _, last in sorted((each["at"], each["last"]["id"]) for each in listed)]


@pytest.mark.parametrize("limit", [1, 3, 200])
@pytest.mark.parametrize("asked", [{}, {"unanswered": "true"}], ids=["all", "unanswered"])
def test_each_person_is_listed_once_at_their_last_text(
    db: Database, org: str, limit: int, asked: dict[str, str]
) -> None:
    """Whatever the size of a page, and whatever older texts the pages behind it meet."""
    rows = furnish(db, org)
    found = [
        each for page in pages("sms/threads", org, limit=limit, **asked) for each in page["threads"]
    ]
    assert ids(found) == meant(rows, unanswered=bool(asked))
    waiting = set(meant(rows, unanswered=True))
    assert all(each["unanswered"] is (each["last"]["id"] in waiting) for each in found)
    assert ask("sms/threads", f"{org}-other").json["threads"] == []


def test_a_conversation_names_its_person_and_its_last_text(world: World) -> None:
    """As a thread shows the text; from the first word until it is answered."""
    world.text("When can I come?")
    page = ask("sms/threads", world.org).json
    (found,) = page["threads"]
    assert found["at"] < page["read_at"]
    assert found["person"] == {
        "kind": "leads", "id": "lead_1", "name": "Ana Ortiz", "phone": "+13125550143",
    }  # fmt: skip
    assert found["last"]["message"] == "When can I come?"
    assert found["last"].keys() == {"id", "message", "status", "direction", "sentAt"}
    assert found["unanswered"] is True
    world.later(seconds=61)
    world.press("At nine.")
    (found,) = ask("sms/threads", world.org).json["threads"]
    assert (found["last"]["message"], found["unanswered"]) == ("At nine.", False)
    assert ask("sms/threads", world.org, unanswered="true").json["threads"] == []


def test_what_the_system_answers_does_not_wait(world: World) -> None:
    """HELP with words of the business, and STOP, which the carrier answers."""
    world.set(sms_help="Call us.")
    for words in ("help", "STOP"):
        world.later(seconds=61)
        world.text(words)
        assert ask("sms/threads", world.org, unanswered="true").json["threads"] == []
    world.later(seconds=61)
    world.text("Sorry, one more thing")
    assert len(ask("sms/threads", world.org, unanswered="true").json["threads"]) == 1


def test_whoever_is_gone_has_no_conversation(db: Database, org: str) -> None:
    """A deleted person, a deleted last text, and a text with a code, which is nobody's yet."""
    gone = {"deleted_at": minute(9)}
    rows = [
        sms(1, "leads", "p_1", minute(1)),
        sms(2, "leads", "p_2", minute(2), **gone),
        sms(3, "appointment_holds", "hold_1", minute(3), direction="out", status="sent"),
    ]
    people = [{"id": "p_1", "name": "Ann", **gone}, {"id": "p_2", "name": "Bob"}]
    db.put(org, {"sms_logs": rows, "leads": people})
    assert ask("sms/threads", org).json["threads"] == []


@pytest.mark.parametrize("written", WORDS, ids=[str(each["message"]) for each in WORDS])
def test_words_wait_unless_they_are_acted_on(written: dict[str, Any]) -> None:
    """The carriers' words do not, in whatever way they are written."""
    row = {"direction": "in", "message": written["message"]}
    assert threads.unanswered(row) is written["waits"]
    assert not threads.unanswered({**row, "direction": "out"})
    assert not threads.unanswered({**row, "answer": "Thank you."})


def test_the_page_knows_the_same_words() -> None:
    """It judges by itself the texts of which the socket tells."""
    known = json.loads(OF_THE_PAGE.read_text(encoding="utf-8"))
    assert known == sorted(keywords.OBEYED)


def test_a_page_costs_few_requests(db: Database, org: str) -> None:
    """Behind a chatty person, and on later pages too: never one for each person or text."""
    loud = [sms(1_000 + each, "leads", "p_0", minute(2_000 + each)) for each in range(450)]
    db.put(org, {"sms_logs": loud})
    rows = furnish(db, org, people=60, texts=240)
    with wire() as watched:
        first = ask("sms/threads", org, limit=50).json
    assert sorted(set(watched.requests)) == ["BatchGetItem", "Query"]
    assert (watched.requests.count("Query"), len(first["threads"])) == (4, 50)
    assert len(watched.requests) <= 4 + 4 * 4
    with wire() as watched:
        rest = ask("sms/threads", org, limit=50, cursor=first["cursor"]).json
    assert len(rest["threads"]) == len(meant(rows, unanswered=False)) - 50
    assert len(watched.requests) <= 1 + 2 + 2 * 4


def test_the_list_ends_where_it_would_cost_too_much(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond so many texts there is an empty last page, not an ever longer wait."""
    furnish(db, org)
    for name, value in {"_LONG": 10, "_BEHIND": 2}.items():
        monkeypatch.setattr(f"closedloop.texts.threads.{name}", value)
    found = list(pages("sms/threads", org, limit=3))
    assert (found[-1]["threads"], found[-1]["cursor"]) == ([], None)
    assert 1 < len(found) < 10
