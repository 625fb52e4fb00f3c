"""Threads: an account's own posts, and its replies if asked for, through the Threads API."""
