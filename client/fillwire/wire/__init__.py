"""Between the dataclasses of the SDK and the messages of the contract; nothing here speaks to a network."""
