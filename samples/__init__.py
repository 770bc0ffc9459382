"""The generator of the samples; see SOURCE.md."""
