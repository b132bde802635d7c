"""What every page of the console stands on: forms that were sent, protection, errors, styles."""
