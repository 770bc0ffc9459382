"""Forced faults on the whole system, and a verdict that does not trust what it says."""
