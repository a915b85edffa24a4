"""Makes the files of a new button, which passes every matrix as it is made.

    make new-button NAME=reschedule_booking ROUTE="POST /api/bookings/reschedule"

Its rule sets the notes of a row: the author replaces that. docs/architecture.md says the rest.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING, Any

from tools.events import ROOT
from tools.written import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

TABLES = {
    "appointments": ("bookings", "appointment"),
    "calls": ("people", "call"),
    "contacts": ("people", "contact"),
    "leads": ("people", "lead"),
}
"""Table → the feature that its buttons belong to, and what one row is called."""

SEGMENTS = {"bookings": "appointments"} | {table: table for table in TABLES}
"""The word after /api/ → the table that the button acts on."""

_FUNCTION = re.compile(
    r"^  \w+:\n    Type: AWS::Serverless::Function\n(?:    .*\n|\n)+", re.MULTILINE
)
_FOLDER = re.compile(r"CodeUri: functions/(\w+)/")


class ButtonError(Exception):
    """The button cannot be made; says what to give instead."""


@dataclass(frozen=True)
class Button:
    """What the author has said, checked."""

    name: str
    method: str
    path: str
    feature: str
    table: str

    @classmethod
    def of(cls, name: str, route: str, feature: str = "", table: str = "") -> Button:
        """The button of a name and a route; feature and table follow from the route if left out.

        Raises:
            ButtonError: a part does not fit.
        """
        if not re.fullmatch(r"[a-z]+(_[a-z]+)+", name):
            raise ButtonError("NAME is a verb and a noun in snake_case: reschedule_booking.")
        found = re.fullmatch(r"(POST|PUT|PATCH) (/api/(\w+)(?:/(?:[\w-]+|{\w+}))*)", route)
        if not found:
            raise ButtonError('ROUTE is a method and a path: "POST /api/bookings/reschedule".')
        table = table or SEGMENTS.get(found[3], "")
        if table not in TABLES:
            raise ButtonError(f"Say which table it acts on: TABLE= {', '.join(TABLES)}.")
        return cls(name, found[1], found[2], feature or TABLES[table][0], table)

    @property
    def row(self) -> str:
        """What one row is called."""
        return TABLES[self.table][1]

    @property
    def field(self) -> str:
        """The command's field that names the row: the path's, else `<row>Id` of the body."""
        gaps = re.findall(r"{(\w+)}", self.path)
        return str(gaps[0]) if gaps else f"{self.row}Id"

    @property
    def words(self) -> dict[str, str]:
        """What the templates of tools/button leave open."""
        return {
            "name": self.name,
            "title": self.name.replace("_", " ").capitalize(),
            "command": _camel(self.name),
            "logical": _camel(self.name),
            "route": f"{self.method} {self.path}",
            "method": self.method,
            "event": self.method.capitalize(),
            "path": self.path,
            "feature": self.feature,
            "table": self.table,
            "table_logical": _camel(self.table),
            "row": self.row,
            "a_row": f"an {self.row}" if self.row[0] in "aeiou" else f"a {self.row}",
            "field": self.field,
            "wire": "" if self.field.islower() else "  # noqa: N815 - the wire's own spelling",
        }


def make(button: Button, root: Path) -> list[Path]:
    """Write the button's files into the tree at `root`, and return their paths.

    Raises:
        ButtonError: a function of this name or route, or the rule's module, is there already.
    """
    layer = root / "layers/common/closedloop"
    _refuse_if_there(button, root, layer)
    rule = layer / button.feature / f"{button.name}.py"
    files = {
        rule: _filled("rule.py", button),
        root / "functions" / button.name / "app.py": _filled("app.py", button),
        **{
            root / "events" / button.name / f"{name}.json": written(content) + "\n"
            for name, content in _events(button)
        },
    }
    for path, text in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    template = root / "template.yaml"
    template.write_text(_with_resource(template.read_text(encoding="utf-8"), button), "utf-8")
    _in_our_style([str(path) for path in files if path.suffix == ".py"])
    return [*files, template]


def main(arguments: Sequence[str]) -> int:
    """Make a button in this tree."""
    parser = argparse.ArgumentParser(prog="make new-button")
    parser.add_argument("name")
    parser.add_argument("route")
    parser.add_argument("--feature", default="")
    parser.add_argument("--table", default="")
    asked = parser.parse_args(arguments)
    try:
        button = Button.of(asked.name, asked.route, asked.feature, asked.table)
        made = make(button, ROOT)
    except ButtonError as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    for path in made:
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 0


def _refuse_if_there(button: Button, root: Path, layer: Path) -> None:
    rule = layer / button.feature / f"{button.name}.py"
    if not rule.parent.is_dir():
        features = sorted(each.parent.name for each in layer.glob("*/__init__.py"))
        raise ButtonError(f"There is no feature {button.feature}: {', '.join(features)}.")
    for path in (rule, root / "functions" / button.name, root / "events" / button.name):
        if path.exists():
            raise ButtonError(f"{path.relative_to(root)} is there already.")
    taken = rf"Method: {button.method}, Path: \"?{re.escape(button.path)}\"?}}"
    if re.search(taken, (root / "template.yaml").read_text(encoding="utf-8")):
        raise ButtonError(f"{button.method} {button.path} is another function's route.")


def _in_our_style(paths: Sequence[str]) -> None:
    """Names decide which import comes first and where a line breaks."""
    for command in (("check", "--select=I", "--fix"), ("format",)):
        ruff = [sys.executable, "-m", "ruff", *command, "--quiet", *paths]
        subprocess.run(ruff, check=True)  # noqa: S603 - the paths were made here


def _filled(template: str, button: Button) -> str:
    text = (ROOT / "tools/button" / f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(button.words)


def _with_resource(template: str, button: Button) -> str:
    """The template with the button's function among the others, which stand in order."""
    others = list(_FUNCTION.finditer(template))
    after = (each for each in others if _folder(each[0]) > button.name)
    following = next(after, None)
    place = following.start() if following else others[-1].end()
    return template[:place] + _filled("resource.yaml", button) + template[place:]


def _folder(resource: str) -> str:
    found = _FOLDER.search(resource)
    return found[1] if found else ""


def _events(button: Button) -> Iterator[tuple[str, Any]]:
    rows = [
        {"id": f"{button.row}_1", "notes": ""},
        {"id": f"{button.row}_gone", "notes": "", "deleted_at": "2026-11-02T10:00:00.000Z"},
    ]
    expect: Mapping[str, Any] = {
        "noted": {"status": 200},
        f"unknown_{button.row}": {"status": 404, "code": "NOT_FOUND"},
        "deleted": {"status": 404, "code": "NOT_FOUND"},
        "notes_missing": {"status": 400, "code": "VALIDATION_FAILED"},
    }
    yield "given", {"rows": {button.table: rows}, "expect": expect}
    yield "noted", _press(button, "1")
    yield f"unknown_{button.row}", _press(button, "unknown")
    yield "deleted", _press(button, "gone")
    yield "notes_missing", _press(button, "1", notes=None)


def _press(button: Button, which: str, notes: str | None = "Called ahead") -> dict[str, Any]:
    named = {button.field: f"{button.row}_{which}"}
    body = {} if notes is None else {"notes": notes}
    route = f"{button.method} {button.path}"
    if f"{{{button.field}}}" in button.path:
        return {"http": route, "path": named, "body": body}
    return {"http": route, "body": named | body}


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
