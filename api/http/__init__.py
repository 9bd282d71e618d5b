"""The ledger over HTTP (design section 4): translates, calls the desk, translates back. No rule lives here.

app.py        the application: every router, the order of middleware, what is done at start and stop
service.py    what the routes share: the desk, the follower, the sessions, who waits for what
problem.py    every answer that is no success, RFC 9457
auth.py       who reads: sessions, and the areas that a post may look at
challenges.py what is signed for a session; good once
sessions.py   how a session is had: a challenge signed with the caller's key
nouns.py      the one list of nouns that can be read
paging.py     cursors
subjects.py   lists, subjects, timelines, differences: one router for every noun
listing.py    where a subject lies
names.py      the vault by authority: the names of one subject, and who has read names
commands.py   prepare, dry run, hand in
taking.py     commands that come at the same time, decided and recorded together
gathered.py   work that a few threads do for all who asked for it
workbooks.py  a file comes in, what would become of its rows goes out
registers.py  templates and exports
working.py    the way through the work room: a place, a turn, an end when nobody waits
turns.py      what one and the same asks for is done one after the other
moved.py      what has happened since a signer looked, as far as the signers may read it
log.py        checkpoint, tiles, receipts (C2SP)
events.py     the log as server-sent events
passing.py    what they tell, read once for all listeners
lines.py      the line to a client: how long and how large a request may be on its way
health.py     health, readiness, metrics; what is counted in metrics.py
verified.py   the log verified again and again, and how far it was found good
openapi.py    the description, with the schema of every command; the vendored page that shows it
body.py       what may come in: sizes, content types, strict JSON
"""
