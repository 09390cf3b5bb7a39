"""`python -m fillwire_bridge`."""

import sys

from fillwire_bridge.main import main

sys.exit(main(sys.argv[1:]))
