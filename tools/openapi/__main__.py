"""`python -m tools.openapi FILE` writes the document to FILE; the same contract and table give the same bytes."""

import json
import sys
from pathlib import Path

from tools.openapi.document import document

(target,) = sys.argv[1:]
Path(target).write_text(json.dumps(document(), indent=1, ensure_ascii=False) + "\n")
