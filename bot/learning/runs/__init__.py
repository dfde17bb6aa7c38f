"""Training runs: the data written, a model trained, and compared with the live one."""
