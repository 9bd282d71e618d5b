"""Why the ledger can be believed: its bytes, its signed event store, its verifier.

The verifying core (`__main__ batches canonical checker checkpoint claims course dsse entry errors exported familiar forms headers
heads ids keystates merkle pending replays shapes suites tiled tiles trust verdict verify`) imports only the standard library and `cryptography`; `FORMAT.md` is its specification,
section by section; for long logs `pending` starts `checker` as a process.

Beside it stand:

* the event store, which knows SQLAlchemy and `eventsourcing`: a submission comes in by the door (`admission`), is made ready
  outside the lock (`prepared`), becomes entries (`group`) under a root (`tree`) that the ledger signs (`sealer`), for many callers
  at once (`together`): `log`, over `recorder`, `mapper` and a database (`driver`, `drivers`)
* what is read back: entries as values (`reader`), evidence as it lies (`kept`), the log as files (`export`), a data directory as a
  source for verify (`directory`)
* what stands in signed bytes instead of names and files (`commitment`, `filehash`), and the names (`vault` under `vaultkey`, and
  who has read them in `vault_readings`)
* re-execution (`replaying`, `cell`), and the second verifier, in another language, in `second/`

What an attacker who owns one store can do, and what stops them, stands in `TRUST.md`.
"""
