"""The staff's own pages: signing in and out, password, accounts, audit log.

Plain forms that need no script. What they change is refused unless it comes from our own page, with
the token that only it was told.
"""
