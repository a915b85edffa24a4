"""Segments, templates and customers' words, without any database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from closedloop.core.errors import NotFoundError, ValidationFailedError
from closedloop.texts.compose import SendContactSms
from closedloop.texts.keywords import meaning
from closedloop.texts.segments import segments
from closedloop.texts.templates import BUILT_IN, LONGEST, Template, known_of, template, templates

GSM = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡Aza§¿äöñüà"
EXTENDED = "^{}[]~|€\\"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 10, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("👍" * 35, 1),
        ("👍" * 36, 2),
        ("ж" * 66 + "👍" + "ж" * 65, 2),
        ("ж" * 66 + "👍" + "ж" * 66, 3),
        ("\uffff" * 70, 1),
        ("\U00010000" * 36, 2),
        ("It\u2019s " + "a" * 65, 1),
        ("It\u2019s " + "a" * 66, 2),
        ("a" * 1600, 11),
    ],
)
def test_segments(text: str, count: int) -> None:
    """The borders of both alphabets; nothing of two units is cut in half."""
    assert segments(text) == count


@given(st.text(GSM, max_size=1600))
def test_basic_characters_count_once(text: str) -> None:
    """160 fit alone, 153 each when joined."""
    assert segments(text) == (1 if len(text) <= 160 else -(-len(text) // 153))


@given(st.text(GSM + EXTENDED, max_size=800), st.sampled_from("\u2019\u2014жé👍"))
def test_one_other_character_makes_all_cost_more(text: str, other: str) -> None:
    """A text never gets cheaper by a character more."""
    assert segments(text) <= segments(text + "a") <= segments(text + "a" + other)


@given(st.text(max_size=900))
def test_segments_hold_the_text(text: str) -> None:
    """In UTF-16 no segment is asked to hold more than it can, and none is for nothing."""
    units = len(text.encode("utf-16-le")) // 2
    assert 1 <= segments(text) <= max(1, -(-units // 66))


LEAD, SETTINGS = {"name": "Ana Ortiz"}, {"name": "Bright Finish"}


@pytest.mark.parametrize("each", BUILT_IN, ids=lambda each: each.id)
def test_a_template_is_filled_without_a_gap(each: Template) -> None:
    """With all that it asks for, none of the braces is left."""
    known = known_of(LEAD, SETTINGS)
    given_ = {name: "x" for name in each.variables if name not in known}
    text = each.fill(known, given_)
    assert "{" not in text
    assert "Ana" in text
    assert "Bright Finish" in text


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_variable_is_named(value: str | None) -> None:
    """Missing or blank: a 400 that says which, never an empty gap."""
    given_ = {"amount": "$5"} | ({} if value is None else {"dueDate": value})
    with pytest.raises(ValidationFailedError) as refused:
        template({}, "payment_reminder").fill(known_of(LEAD, SETTINGS), given_)
    assert refused.value.body["fields"][0]["path"] == "variables.dueDate"


def test_a_lead_without_a_name_misses_its_first_name() -> None:
    """What the lead does not have is missing like anything else, and may be sent instead."""
    chosen = template({}, "follow_up")
    with pytest.raises(ValidationFailedError) as refused:
        chosen.fill(known_of({}, SETTINGS), {})
    assert refused.value.body["fields"][0]["path"] == "variables.firstName"
    assert "Mr. O" in chosen.fill(known_of({}, SETTINGS), {"firstName": "Mr. O"})


def test_a_variable_without_a_gap_is_named() -> None:
    """A misspelt variable would leave somebody wondering."""
    with pytest.raises(ValidationFailedError) as refused:
        template({}, "follow_up").fill(known_of(LEAD, SETTINGS), {"amont": "1"})
    assert refused.value.body["fields"][0]["path"] == "variables.amont"


@given(st.dictionaries(st.sampled_from(["amount", "dueDate"]), st.text(min_size=1)))
def test_what_is_filled_in_is_never_a_template(values: dict[str, str]) -> None:
    """Braces in a value stay braces: nobody reads another variable by them."""
    given_ = {"amount": "{business}", "dueDate": "{amount}"} | values
    try:
        text = template({}, "payment_reminder").fill(known_of(LEAD, SETTINGS), given_)
    except ValidationFailedError:
        return
    assert given_["amount"].strip() in text
    assert given_["dueDate"].strip() in text


def test_a_text_that_gets_too_long_is_refused() -> None:
    """The limit holds for what is sent, not for what is typed."""
    own = {"templates": {"long": "{a}" * 4}}
    assert len(template(own, "long").fill({}, {"a": "x" * 400})) == LONGEST
    with pytest.raises(ValidationFailedError):
        template(own, "long").fill({}, {"a": "x" * 401})


def test_an_org_may_replace_a_template() -> None:
    """Its own text counts under the same name; the others stay."""
    own = {"templates": {"follow_up": {"text": "Hello {name}", "category": "transactional"}}}
    assert templates(own)["follow_up"].text == "Hello {name}"
    assert templates(own).keys() == {each.id for each in BUILT_IN}
    with pytest.raises(NotFoundError):
        template(own, "poem")


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize(
    "word",
    [
        "stop",
        "STOPALL",
        "Unsubscribe",
        "end",
        "QUIT",
        "revoke",
        "OptOut",
        '"Stop".',
        "stop ",
        "STOP ALL",
        "stop  all!",
        "Opt out",
        "OPT-OUT",
        "opt\nout",
        "\u200bST\u200bOP\ufeff",
        "\uff33\uff34\uff2f\uff30",
        "Stop\x00",
        "\u202eSTOP\u202c",
    ],
)
def test_stop_is_stop(word: str, *, asked: bool) -> None:
    """In any case, in full width, with the dot that a phone adds or what nobody sees."""
    assert meaning(word, None, asked=asked) == "stop"


@pytest.mark.parametrize(
    ("word", "asked", "unasked"),
    [
        ("CANCEL", "cancel", "stop"),
        ("yes", "confirm", "start"),
        ("Confirm", "confirm", "words"),
        ("no", "cancel", "words"),
        ("start", "start", "start"),
        ("UNSTOP", "start", "start"),
        ("help", "help", "help"),
        ("Info", "help", "help"),
    ],
)
def test_a_question_changes_what_a_word_means(word: str, asked: str, unasked: str) -> None:
    """CANCEL and YES answer what was asked; without a question they are the carriers' words."""
    assert meaning(word, None, asked=True) == asked
    assert meaning(word, None, asked=False) == unasked


@given(body=st.text(), asked=st.booleans())
def test_twilios_own_word_comes_first(body: str, *, asked: bool) -> None:
    """It has acted on it already."""
    assert meaning(body, "STOP", asked=asked) == "stop"


@given(st.text(min_size=1, max_size=5), st.sampled_from(["stop", "cancel", "yes", "help"]))
def test_a_word_within_a_sentence_is_no_word(more: str, word: str) -> None:
    """Only the whole text counts: "stop by at nine" stops nothing."""
    assert meaning(f"{word} x{more}", None, asked=True) == "words"


@pytest.mark.parametrize("message", ["\u200b", "\x00", "\ufeff \u2060"])
def test_a_text_that_shows_nothing_is_blank(message: str) -> None:
    """Twilio would refuse it; the button says so at once."""
    with pytest.raises(ValidationError):
        SendContactSms.model_validate({"id": "con_1", "message": message})
