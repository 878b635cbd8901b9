"""The office's shared machinery, owned by no case: events, numbers, calendar, workflow tables, once-only acts."""
