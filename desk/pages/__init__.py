"""One module a page: what is asked, what the archive says, which template shows it."""
