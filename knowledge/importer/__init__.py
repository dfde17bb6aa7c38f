"""From the file of an official guide to drafts of its knowledge files.

``import_guide`` reads text, DOCX or PDF and drafts one file per item with the whole text mirrored;
what it is not sure of is marked and counted. ``measure`` compares drafts with curated files.
"""
