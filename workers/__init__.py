"""RQ around the pipeline: strings in, strings out; no document logic."""
