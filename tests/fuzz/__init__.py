"""Requests that nobody sane would send, made from the contract itself, at a real server process.

    messages   generated for every method from its descriptor, boundaries first
    damage     bytes of such messages, spoiled so that they are none any more
    campaign   sends them and writes down what comes back

`python -m tests.fuzz --requests 100000` is the long run; a short one is a test.
"""

import os

# Before gRPC is loaded: its fork handlers can crash a child that is about to become a server.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
