"""Pages of replies by topic: drafting, the preview, deciding, issuing, reading letters. No rule lives here."""
