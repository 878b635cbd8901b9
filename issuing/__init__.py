"""Issuing many letters at once: the batch that survives whatever happens to it, and what goes into the post."""
