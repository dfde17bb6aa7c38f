"""一次性告知单: the outcome for one person as a page of its own, printed on one sheet."""
