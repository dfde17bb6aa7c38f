"""Reference pages: every item of every guide as a page of its own, with index and search."""
