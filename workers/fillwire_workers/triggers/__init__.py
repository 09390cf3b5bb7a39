"""The triggers: watch the market for every order that rests, and fire each once when what it waits for has come."""
