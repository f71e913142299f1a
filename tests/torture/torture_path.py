"""Where the parts of the torture are: imported before them."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "torture"), str(ROOT / "bench")]
