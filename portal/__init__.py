"""What people and systems open: the HTTP API."""
