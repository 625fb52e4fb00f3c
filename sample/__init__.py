"""The demo association network: invented chapters, a loopback server in the platforms' shapes, and their exports."""
