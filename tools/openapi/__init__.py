"""Writes the OpenAPI document of the bridge: from the contract with its comments, and the bridge's table of routes."""
