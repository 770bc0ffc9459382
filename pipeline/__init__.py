"""Scans in, archive files with checked fields out; knows no queue."""
