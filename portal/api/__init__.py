"""The HTTP API for other systems, version 1."""
