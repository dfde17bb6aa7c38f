"""The agent's desk: what an agent sees of a conversation, and may change in it. No I/O."""
