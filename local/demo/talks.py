"""What the demo's auto detailer and its customers have texted each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

End = Literal["in", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Said:
    """A text: how long ago, by the customer (`in`) or by us with what end, and its words."""

    minutes_ago: int
    end: End
    words: str


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said with one person: of which table, the how many-th."""

    table: Literal["contacts", "leads"]
    number: int
    said: tuple[Said, ...]


TALKS = (
    Talk("contacts", 140, (
        Said(190, "delivered", "Hi, your SUV is ready for pickup. We are here until 6 PM."),
        Said(172, "in", "Great, thanks! Did the pet hair come out of the back seats?"),
        Said(168, "delivered", "All of it. We also found a glove, it is in the console."),
        Said(12, "in", "You are the best. How soon can I wash it myself after the coating?"),
    )),
    Talk("leads", 290, (
        Said(64, "in", "Do you also clean pickups? There is dog hair everywhere in mine."),
        Said(58, "delivered", "We do, the full detail takes care of it. When would suit you?"),
        Said(35, "in", "Saturday morning would be perfect. Do you have anything around 9?"),
    )),
    Talk("leads", 291, (
        Said(2890, "delivered", "Thank you for your call about ceramic coating. We can look at the"
             " paint any weekday, it takes ten minutes."),
        Said(2710, "in", "Is the inspection free?"),
        Said(2704, "delivered", "Yes, free and with no strings attached. Just drive in."),
        Said(1480, "in", "Came by today, your team was super helpful. Let me think about it."),
        Said(1466, "delivered", "Thank you for stopping by! The quote is good for 30 days."),
    )),
    Talk("contacts", 141, (
        Said(1610, "in", "I am running 15 minutes late, is that ok?"),
        Said(1607, "delivered", "No problem, we keep your bay. See you soon."),
    )),
    Talk("leads", 292, (
        Said(4010, "delivered", "Hi, shall we hold Thursday at 2 PM for your interior detail?"),
        Said(3955, "in", "Yes please, and can you do the headlights too?"),
        Said(3940, "delivered", "Done, the headlights are on the ticket."),
    )),
    Talk("contacts", 142, (
        Said(410, "failed", "Hi, we found your sunglasses in the car. They are at the desk."),
    )),
    Talk("contacts", 143, (
        Said(830, "in", "Can I get a receipt for the interior detail? It is for my company."),
    )),
)  # fmt: skip
"""Seven people; three of them wait for an answer, and one text has failed."""
