"""Applying on the web, without an account: one question on a page, kept as it is typed, sent when it is checked."""
