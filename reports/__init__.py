"""The reports room: view models, charts, the PDF and the mail. Nothing here judges, fetches or asks what time it is."""
