"""YouTube: a channel's public videos through the Data API, and Takeout."""
