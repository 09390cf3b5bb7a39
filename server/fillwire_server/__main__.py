"""`python -m fillwire_server`."""

import sys

from fillwire_server.main import main

sys.exit(main(sys.argv[1:]))
