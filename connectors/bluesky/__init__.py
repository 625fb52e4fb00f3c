"""Bluesky: an account's repository through atproto, live from its server and from the CAR file of an export."""
