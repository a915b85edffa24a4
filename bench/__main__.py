"""`python -m bench`: the table of what Closed Loop costs, beside the usual stack."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "layers" / "common"))

from bench.run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
