"""The edge of the queue of uploads: each file is judged, and its job says what came of it."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.edge.apply import apply, by_itself
from closedloop.edge.queue import consumer
from closedloop.jobs import photos
from closedloop.jobs import wiring as jobs
from closedloop.jobs.model import TABLE
from closedloop.jobs.photos import SHOWN_AS, Place
from closedloop.jobs.pictures import MOST_BYTES, UnreadableError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

    from closedloop.core.decision import Context
    from closedloop.edge.queue import Answer


def checker(name: str) -> Callable[..., Answer]:
    """The function that checks what was uploaded, one message for each file."""
    if wiring.in_lambda():
        wiring.store()
        jobs.photos()
    return consumer(name, partial(_check, name))


def _check(name: str, record: Mapping[str, Any], counts: Counter[str], _: object) -> None:
    key = str(json.loads(record["body"])["detail"]["object"]["key"])
    place = Place.of(key)
    if place is None:
        counts["Strange"] += 1
        return
    rows = wiring.reads().several(place.org_id, [(TABLE, place.job_id)])
    if photos.awaits(rows.get((TABLE, place.job_id)), place.photo_id):
        context = by_itself(name, place.org_id, seen=rows, who="photos")
        counts[_settle(place, context)] += 1
    else:
        counts["Stray"] += 1  # a second file by the same form, or one whose job is gone
    jobs.photos().remove(key)


def _settle(place: Place, context: Context) -> str:
    data = jobs.photos().read(place.pending, MOST_BYTES + 1)
    if data is None:
        return "Gone"
    try:
        picture = jobs.cleaned(data)
    except UnreadableError as error:
        apply(context, partial(photos.refused, place, str(error)))
        return "Refused"
    # The file first: a job never shows a photo that is not there.
    jobs.photos().put(place.shown, picture.data, SHOWN_AS)
    if apply(context, partial(photos.arrived, place, picture.facts)).body["shown"]:
        return "Checked"
    jobs.photos().remove(place.shown)  # somebody has taken it off the job meanwhile
    return "Stray"
