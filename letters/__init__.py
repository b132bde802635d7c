"""Letters: what one says, to whom, and how it looks as text, HTML and PDF."""
