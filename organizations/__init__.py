"""Who takes part: assemblies and their sessions, committees, bureaus, posts; and the rules that differ by place."""
