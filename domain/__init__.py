"""What is true and what may be done: the nouns of the ledger, their commands, their rules. No I/O at all.

Nothing here reads a clock, a file, the environment or chance: state + signed command + recorded date + rules
give the same events anywhere (D6). Read in this order:

* `RULES.md`, `rules` the numbered rules · `errors` what breaks one · `natures` act, fact, opening · `law` parameters
* `record`, `ports` what comes from and goes to the store
* `values`, `money`, `assertions` small types that cannot be wrong; what holds on a day, known when
* `base` Event and Aggregate · `command` how a command is declared · `authority` roles and the directory
* `world` what a decision may look at, and the read set it leaves
* `written`, `entered` what most nouns are made of: fields with a day, corrected by two hands, entries checked by another
* the nouns, one list of them in `nouns`: `book` (the ledger itself), `key`, `person`, `organisation`, `post`,
  `area`, `parameter`; `load` with `population`, `loading`; `project` with `listing`, `scope`, `classification`,
  `classifying`; `asset` with `holding`, `ownership`, `title`; `obligation` with `owing`; `disposal` with
  `disposal_steps`, `disposal_course`, `disposing`, `paths`, `grounds`; `document`, `meeting`, `notice`; `proposal`,
  `correction`, `batch`, `erasure`
* `decide` the engine, `ledger` the engine over a store, `replay` the engine over a log
* `catalogue`, `archive` what is published of all this, and the bytes it is known by

A new noun is one module: a `Payload` under `@command` for each thing that may be said, an `Aggregate` whose
public methods refuse and whose `@event` methods assign, and a line in `nouns`. The engine, the catalogue, the
table of FORMAT and the replay find it there.
"""
