"""`python -m local run|stop|seed|status`: the local stack by hand."""

import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - so that an old Python says so in words
    sys.exit(f"The local stack needs Python 3.11 or later; this is {sys.version.split()[0]}.")

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "layers" / "common"))

try:
    from local.cli import main
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed. 'make install' installs what the local stack needs.")

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
