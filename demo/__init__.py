"""The demo assembly: texts and the command that plays them through the real services. Never in production."""
