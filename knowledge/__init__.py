"""The knowledge of the assistant: guides, facts, regions, and the engine that decides on them.

Pure Python and data; knows nothing of Rasa or the web.
"""
