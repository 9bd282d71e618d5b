"""The databases that can keep a log: `memory` (tests, replays), `sqlite` (embedded), `postgresql` (server).

The latter two have their tables from `schema` and share `sql`.
"""
