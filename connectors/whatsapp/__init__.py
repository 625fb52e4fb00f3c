"""WhatsApp: chat exports only, for it has no API for the history of a group."""
