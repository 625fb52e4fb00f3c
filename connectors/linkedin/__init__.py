"""LinkedIn: organisations' Pages through the versioned REST API, and a member's own data export."""
