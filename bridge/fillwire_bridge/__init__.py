"""The browser bridge: gRPC-Web, JSON over HTTP and one WebSocket, beside the server.

It will know the contract (`fillwire.v1`) and nothing else of the engine.
"""
