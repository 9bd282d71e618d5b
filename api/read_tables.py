"""The read tables of one desk: opened when first asked for, and made aside for a ledger that can only be read."""

from __future__ import annotations

import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from api.settings import sqlite_url
from audit.kept import is_kept
from projections.database import prepare


def is_kept_file(url: str) -> bool:
    """Whether a database is a file in a directory where nothing can be written."""
    place = make_url(url)
    return place.get_backend_name() == "sqlite" and is_kept(Path(place.database or "").parent)


class ReadTables:
    """Threads share them."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._aside: TemporaryDirectory[str] | None = None

    @property
    def engine(self) -> Engine:
        with self._lock:
            if self._engine is None:
                # What a row holds shall not be told by an error.
                self._engine = prepare(create_engine(self._place(), hide_parameters=True))
            return self._engine

    def _place(self) -> str:
        """Beside a kept ledger no table can be made: they are made from its entries, for this desk alone."""
        if not is_kept_file(self._url):
            return self._url
        self._aside = TemporaryDirectory(prefix="bangfu-read-")
        return sqlite_url(Path(self._aside.name) / "projections.db")

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
        if self._aside is not None:
            self._aside.cleanup()
