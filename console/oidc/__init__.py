"""Signing in with an OpenID Connect provider: the council's own directory, for staff."""
