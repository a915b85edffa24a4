"""The conversations of an org: a row for each person, and whether somebody has to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NotRequired

from typing_extensions import TypedDict

from closedloop.core.cursors import decode_page
from closedloop.core.query import Paged, listed
from closedloop.core.rows import gone
from closedloop.core.times import iso
from closedloop.texts import keywords
from closedloop.texts.model import TABLE
from closedloop.texts.views import SmsMessage, shown

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Page, Row
    from closedloop.core.values import PageCursor, PhoneNumber, Time

_INDEX, _BY = "by_created", "created_at"
_PEOPLE = ("contacts", "leads")
"""Whose threads these are. A text with a code is a hold's: it is in no conversation."""

_LONG, _BEHIND = 2000, 20
"""How many texts one request walks past on the way to a page, and how many requests do so."""

_LATEST = "9999"
"""After every time that is stored."""


class Threads(Paged):
    """The conversations; `unanswered=true` for those that wait for somebody."""

    unanswered: Literal["true", "false"] = "false"


class ThreadPerson(TypedDict):
    """Whose conversation it is."""

    kind: Literal["contacts", "leads"]
    """Where the person is kept."""
    id: str
    name: str
    phone: NotRequired[PhoneNumber]


class Thread(TypedDict):
    """A conversation by its last text."""

    person: ThreadPerson
    last: SmsMessage
    at: Time
    """When the last text was written: the list is in this order."""
    unanswered: bool
    """The person wrote last, and neither our system nor the carrier has dealt with the words."""


class ThreadList(TypedDict):
    """A page of conversations."""

    threads: list[Thread]
    cursor: PageCursor | None
    """Null at the end."""
    read_at: Time
    """When the page was read. What was written in the seconds before may be missing."""


def unanswered(row: Row) -> bool:
    """Whether this text, if it is a person's last one, waits for somebody to read it.

    What our system has answered does not wait (`answer`), nor do words on which the carriers act.
    """
    return row["direction"] == "in" and "answer" not in row and not keywords.obeyed(row["message"])


def threads(question: Threads, actor: Actor, reads: Reads, now: datetime) -> ThreadList:
    """The org's conversations, the one with the latest text first, each person once.

    A page goes on behind the one before and leaves out whose later texts it has walked past. Who
    writes between two requests moves to the top, where the socket tells of them; nobody is listed
    twice. Of two texts of one millisecond either may be the last. A page may be shorter than
    `limit` and still go on. The list reaches back over the latest 40,000 texts of the org; each
    person's own thread reaches back over all.
    """
    walk = _Walk(question, actor.org_id, reads)
    if not walk.catch_up():
        return {"threads": [], "cursor": None, "read_at": iso(now)}
    found, cursor = listed(question, _BY, actor.org_id, walk.stretch, walk.load)
    shown_rows = [_thread(row, walk.people[_person(row)]) for row in found]
    return {"threads": shown_rows, "cursor": cursor, "read_at": iso(now)}


class _Walk:
    """A walk over the org's texts, newest first, that meets each person at their last text."""

    def __init__(self, question: Threads, org_id: str, reads: Reads) -> None:
        self._question, self._org_id, self._reads = question, org_id, reads
        self._met: set[str] = set()
        self.people: dict[str, Row] = {}

    def catch_up(self) -> bool:
        """Meet everybody of the pages before; False where they lie too far back."""
        cursor = self._question.cursor
        if cursor is None:
            return True
        last = decode_page(self._question.about, cursor, frozenset({"id", _BY}))
        after: Row | None = None
        for _ in range(_BEHIND):
            page = self._page((_BY, last[_BY], _LATEST), _LONG, after)
            for key in page.keys:
                self._met.add(_person(key))
                if key["id"] == last["id"]:
                    return True
            after = page.last
            if after is None:
                return True  # its text is gone; everything later has been walked past
        return False

    def stretch(self, limit: int, after: Row | None) -> Page:
        """The next texts."""
        return self._page(None, limit, after)

    def load(self, keys: list[Row]) -> list[Row]:
        """The last texts of the people whom these texts are the first to name."""
        rows = self._reads.rows(TABLE, self._org_id, [key["id"] for key in self._newest(keys)])
        wanted = [row for row in rows if not gone(row) and self._wants(row)]
        for table in _PEOPLE:
            ids = [row["person_id"] for row in wanted if row["person_table"] == table]
            found = self._reads.rows(table, self._org_id, ids) if ids else []
            self.people |= {f"{table}#{each['id']}": each for each in found if not gone(each)}
        return [row for row in wanted if _person(row) in self.people]

    def _newest(self, keys: list[Row]) -> list[Row]:
        newest: dict[str, Row] = {}
        for key in keys:
            person = _person(key)
            if person not in self._met and person.partition("#")[0] in _PEOPLE:
                newest.setdefault(person, key)
        self._met |= newest.keys()
        answers_alone = self._question.unanswered == "true"
        return [key for key in newest.values() if not answers_alone or key["direction"] == "in"]

    def _wants(self, row: Row) -> bool:
        return self._question.unanswered == "false" or unanswered(row)

    def _page(self, between: tuple[str, Any, Any] | None, limit: int, after: Row | None) -> Page:
        return self._reads.page(
            TABLE, _INDEX, self._org_id, between, limit=limit, after=after, newest_first=True
        )


def _thread(row: Row, person: Row) -> Thread:
    whose: dict[str, Any] = {"kind": row["person_table"], "id": person["id"]}
    whose |= {name: person[name] for name in ("name", "phone") if person.get(name) is not None}
    who: Any = whose
    return {
        "person": who,
        "last": shown(row),
        "at": row["created_at"],
        "unanswered": unanswered(row),
    }


def _person(key: Row) -> str:
    """`leads#lead_1`."""
    return str(key["person_key"]).rsplit("#", 2)[0]
