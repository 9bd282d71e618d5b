"""Turns: what one and the same asks for is done one after the other, so that much from one keeps nobody else waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Turns:
    """Used on one loop."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # of who is here now

    @asynccontextmanager
    async def of(self, whose: str) -> AsyncIterator[None]:
        """Wait until nothing else of the same is being done."""
        lock = self._locks.setdefault(whose, asyncio.Lock())
        async with lock:
            yield
