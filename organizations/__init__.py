"""Who takes part: assemblies, their sessions, committees, bureaus, posts; the rules that differ by place."""
