"""The window to the public: what of a case is published, and the pages on which everyone reads it."""
