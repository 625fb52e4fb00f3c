"""Wikipedia and other MediaWiki sites: what an account wrote there, edit by edit."""
