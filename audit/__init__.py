"""Why the ledger can be believed: its bytes, its signed event store, its verifier.

The verifying core (`__main__ batches canonical checker checkpoint claims course dsse entry errors exported familiar forms headers
heads ids keystates merkle pending replays shapes suites tiled tiles trust verdict verify`) imports only the standard library and `cryptography`; `FORMAT.md` is its specification,
section by section; for long logs `pending` starts `checker` as a process. Beside it stand the event store (`log`, `recorder`, `mapper`, `drivers`), which knows SQLAlchemy and
`eventsourcing`, what stands in signed bytes instead of names and files (`commitment`, `filehash`), re-execution (`replaying`, `cell`), and the second verifier, in another language, in `second/`.

What an attacker who owns one store can do, and what stops them, stands in `TRUST.md`.
"""
