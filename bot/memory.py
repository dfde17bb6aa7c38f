"""Giving memory back to the system after something large was let go."""

from __future__ import annotations

import ctypes
import gc


def give_back() -> None:
    """Free what nothing holds any more; takes some hundredths of a second.

    What threads have freed glibc keeps for them, some dozens of MB for each exchange of a model.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc only
    if trim:
        trim(0)


__all__ = ["give_back"]
