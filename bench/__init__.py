"""What the engine can do and what it costs, measured; `python -m bench` or `make bench`."""
