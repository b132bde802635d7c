"""The council's own record in SQLite or PostgreSQL: cases, people, events, letters and what follows."""
