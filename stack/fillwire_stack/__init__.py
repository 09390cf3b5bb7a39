"""Runs the whole system on one machine: stores, migrations, server, bridge, workers, sweeper, triggers, courier.

It wires processes together by module name and environment; nothing imports it.
"""
