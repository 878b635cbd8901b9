"""Who is there: people, sign-in, language and type size. What a person may do is in organizations (posts)."""
