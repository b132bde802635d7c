"""What stands still and what is about to: found in Temporal, in the register and around them, each with what to do."""
