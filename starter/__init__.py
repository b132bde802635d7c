"""How people get in: the command line, the console, the intake, and the snapshot of bank holidays."""
