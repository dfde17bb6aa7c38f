"""A simulated 12345 platform, written from docs/hotline.md alone: see README.md."""
