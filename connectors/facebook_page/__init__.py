"""Facebook Pages: the Graph API through facebook-sdk, and the "Download your information" files."""
