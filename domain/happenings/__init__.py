"""The content of every event, by noun; ``domain.events`` brings them together."""
