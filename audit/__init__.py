"""Why the ledger can be believed: its bytes, its signed event store, its verifier.

The verifying core (`canonical ids suites dsse merkle entry checkpoint tiles trust exported heads verify errors`) imports
only the standard library and `cryptography`; `FORMAT.md` is its specification, section by section. Beside it stand the
event store (`store`, `store_sql`, `recorder`, `mapper`), which knows SQLAlchemy and `eventsourcing`, and the second
verifier, in another language, in `second/`.

What an attacker who owns one store can do, and what stops them, stands in `TRUST.md`.
"""
