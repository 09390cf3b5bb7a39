"""`python -m fillwire_workers.triggers` watches the market for orders that rest."""

import sys

from fillwire_workers.triggers.main import main

sys.exit(main())
