"""`python -m fillwire_server.courier`."""

import sys

from fillwire_server.courier.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
