"""What is true and what may be done: the nouns of the ledger, their commands, their rules. No I/O at all.

Nothing here reads a clock, a file, the environment or chance: state + signed command + recorded date + rules
give the same events anywhere (D6). Read in this order:

* `RULES.md`, `rules` the numbered rules · `errors` what breaks one, of a noun in `errors_*` · `natures` act, fact,
  opening · `law` parameters
* `record`, `ports` what comes from and goes to the store
* `values`, `money`, `assertions` small types that cannot be wrong; what holds on a day, known when
* `base` Event and Aggregate · `command` how a command is declared · `authority` roles and the directory
* `standing` what is known of keys, posts, organisations and areas, `succession` where one area took another's place
* `world` what a decision may look at, and the read set it leaves · `placed` where what a command names lies
* `verdicts` by the law of the day and of today · `citing` what a command rests on · `personal` names as commitments
* `written`, `said`, `entered` what most nouns are made of: fields with a day, corrected by two hands, entries checked by another
* the nouns, one list of them in `nouns`: `book` (the ledger itself), `key`, `person`, `organisation`, `post`,
  `area`, `parameter`; `load` with `population`, `loading`; `project` with `listing`, `scope`, `classification`,
  `classifying`; `asset` with `asset_card`, `asset_entries`, `holding`, `ownership`, `title`; `obligation` with
  `obligation_card`, `owing`, `limitation`, and `party`; `disposal` with `disposal_steps`, `disposal_course`, `disposing`,
  `paths`, `grounds`; `document`, `meeting` with `meeting_law`, `voting`, `notice`; `proposal`, `correction` with
  `corrections`, `batch`, `erasure`
* `decide` the engine, `ledger` the engine over a store, `replay` the engine over a log
* `catalogue`, `archive` what is published of all this, and the bytes it is known by

A new noun is one module: a `Payload` under `@command` for each thing that may be said, an `Aggregate` whose
public methods refuse and whose `@event` methods assign, and a line in `nouns`. The engine, the catalogue, the
table of FORMAT and the replay find it there.
"""
