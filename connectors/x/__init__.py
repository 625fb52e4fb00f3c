"""X: the API v2 through tweepy, and the archive an account holder can download."""
