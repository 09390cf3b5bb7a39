"""The proof of the router: random markets, and oracles that know nothing of it; `python -m tests.proof`."""

import os

# The oracles' matrices are small: a thread for each core only makes them wait for each other.
# It is read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
