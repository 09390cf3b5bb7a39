"""`python -m fillwire_workers` runs a worker."""

import sys

from fillwire_workers.main import main

sys.exit(main())
