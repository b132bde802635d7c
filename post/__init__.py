"""Post: how a letter travels to its reader, and how it comes back."""
