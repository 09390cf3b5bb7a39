"""Executes orders, from claim to final event."""
