"""Delivers the events of accounts to their webhooks; a process of its own."""
