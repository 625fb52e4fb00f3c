"""Yahoo! Groups: archives only, for it was closed in 2020."""
