"""What reviewers say that messages mean: kept in the staff database, on its way to the NLU files.

Source and reviewer stay here (``docs/adr/0024-labels.md``); the files get the sentence alone.
"""
