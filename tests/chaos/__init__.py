"""Chaos: the real processes under a seeded storm of faults, and a checker that knows nothing of them.

`python -m tests.chaos` or `make chaos`.

    stack      the engine's processes and stores, each link between them through a proxy
    workload   clients that submit, change, watch and read, and write down what they asked and heard; and a stranger
    nemesis    what goes wrong, and when; a function of the seed
    truth      what PostgreSQL and the venues say when it is over
    checker    one rule for each promise, on paper alone
"""

import os

# Before gRPC is loaded: its fork handlers can crash a child that is about to become a process of the engine.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
