"""The case's story on Temporal; no I/O."""
