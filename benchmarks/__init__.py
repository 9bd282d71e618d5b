"""`make bench`: what the ledger costs, as ratios to an unsigned event store measured in the same run.

Absolute rates follow the machine and its neighbours; what is compared is therefore interleaved, repeated, and given as a
ratio of medians. Every figure names its door:

* "store": `audit.log.Log.append` with a ready submission,
* "save": `domain.ledger.Ledger.handle` with an admitted command: aggregates, the library's mapper and recorder,
* "signed command": `api.desk.Desk.submit`: the bytes of an envelope in; parsed, signature checked, decided, recorded, sealed.

The unsigned store is the `eventsourcing` library's own `Application.save` of ready single-event aggregates of like size.
"""
