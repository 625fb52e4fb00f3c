"""Google+: Takeout only, for it was closed in 2019."""
