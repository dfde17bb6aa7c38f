"""Speed and memory of the assistant: ``python -m benchmarks``, see ``--help``."""
