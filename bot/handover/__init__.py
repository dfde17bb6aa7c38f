"""Handing a conversation to a person and back: whom they take over, when they are there, the notes.

Who has a conversation, and the queue itself, are kept by the switchboard.
"""
