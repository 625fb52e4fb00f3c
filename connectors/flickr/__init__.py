"""Flickr: an account's public photographs."""
