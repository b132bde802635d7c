"""Why an act may not be done, by noun: each function gives one sentence, or None where nothing stands against it."""
