"""The console: pages and JSON API for those who teach the assistant."""
