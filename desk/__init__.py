"""Pages that show more than one noun: the desk with what waits for a post, and the case whole. Writes nothing."""
