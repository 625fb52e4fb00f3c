"""Instagram: professional accounts through the Graph API, and the "Download your information" files of any account."""
