"""The browser bridge: gRPC-Web, JSON over HTTP and one WebSocket, beside the server; and the dashboard.

A client of the engine like any other: it knows the contract (`fillwire.v1`) and the SDK's settings, keeps no state, and
may be killed at any moment.
"""
