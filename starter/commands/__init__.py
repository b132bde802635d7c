"""The commands of ``casereview``, one noun to a module. What a command does not need, it does not import."""
