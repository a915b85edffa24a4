"""Writes docs/api/openapi.json from the template, the handlers and the event files.

`python -m docs.api.generate` writes the file; with `--check` it only says whether the file is
as it would be written.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE / "openapi.json"

sys.path.insert(0, str(HERE.parents[1] / "layers" / "common"))

from docs.api.document import openapi  # noqa: E402 - the layer's folder comes first
from docs.api.schemas import UndescribableError, pretty  # noqa: E402 - same


def stale(target: Path = TARGET) -> str | None:
    """Why the file must be written again, or None while it is what the code says."""
    if not target.exists():
        return f"{target.name} is missing: run `python -m docs.api.generate`."
    if target.read_text(encoding="utf-8") != pretty(openapi()):
        return f"{target.name} is older than the code: run `python -m docs.api.generate`."
    return None


def main(arguments: list[str] | None = None, target: Path = TARGET) -> int:
    """Write the file, or with `--check` only say whether it is fresh; 1 when it is not.

    1 as well, with the sentence that says what to do, where the code cannot be described.
    """
    parser = argparse.ArgumentParser(prog="python -m docs.api.generate")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when stale")
    only_checked = parser.parse_args(arguments).check
    try:
        why = stale(target) if only_checked else None
        if not only_checked:
            target.write_text(pretty(openapi()), encoding="utf-8")
    except UndescribableError as missing:
        why = str(missing)
    if why:
        sys.stderr.write(why + "\n")
    return 1 if why else 0


if __name__ == "__main__":
    sys.exit(main())
