"""The databases that can keep a log: memory (tests, replays), SQLite (embedded), PostgreSQL (server)."""
