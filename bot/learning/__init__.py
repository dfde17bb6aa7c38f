"""Learning from conversations: log, review, data, training, comparison, promotion."""
