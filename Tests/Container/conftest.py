"""Toronto's file, read by the end-to-end suites: this test uses their modules."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))
