"""The mutation generator and its measure stand beside the tests and are imported by their names."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
