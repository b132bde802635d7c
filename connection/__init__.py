"""How every process reaches Temporal: settings, keys, codec, client, local server, time travel."""
