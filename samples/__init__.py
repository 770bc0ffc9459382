"""Drawn dossiers that may be published, and the generator that draws them."""
