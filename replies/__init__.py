"""The answer: drafting, checking, signature, issue. The only app that uses the letter engine."""
