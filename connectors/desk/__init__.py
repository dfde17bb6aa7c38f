"""The agents' desk: pages, WebSocket and JSON API for those who serve citizens."""
