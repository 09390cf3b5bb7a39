"""The gRPC service: takes orders, stores them, streams what becomes of them, quotes the market."""
