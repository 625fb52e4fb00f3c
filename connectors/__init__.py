"""The only room that knows a platform or its SDK. `connectors.base` opens connectors and importers by name."""
