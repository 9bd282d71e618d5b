"""How people and machines reach the ledger: settings, desk, command line, and the exchange of files.

settings.py   every setting, with its danger; the only reader of the environment
desk.py       `Desk`: the one place where domain, audit and projections are put together; the way in of commands
read_tables.py  the read tables of one desk; scanned.py a log without an index, as projections read it
lookup.py     from what people write to an id, areas by places.py; offices.py who is in office, deputies.py whose days are over
keeper.py     the vault beside it: whom a command names goes in, what is ordered to be erased goes out
personal.py   names on their way in; erasing.py what orders say; bearing.py which commitments a subject bears
compose.py    commands and batches before they are signed; filling.py makes a content complete
clerk.py      somebody at the desk with a key: prepares, signs, hands in; awaiting.py what is endorsed, endorsing.py by which command
ceremony.py   acts with witnesses at the table: a ledger opened, people enrolled, rules adopted
keyfile.py    private keys in files of their owners
archive.py    this program's rules as the archive that an epoch names
importing.py  registers in: batches to be signed, or what stands in the way; what became of them in imported.py
exporting.py  what holds now, as a workbook in the same columns
held.py       what is held, in the words of a register; titles.py and headings.py its columns, and an office's own
exchange/     registers and workbooks
workroom.py   the process with limits in which workbooks are read and written for the server; fair.py whose turn it is there
verifying.py  `bangfu verify`, its steps in words in steps.py; trustfile.py trust files on disk
papers.py     the file of a paper and the salt beside it
backing.py    a backup of one ledger, made and put back
http/         the ledger over HTTP: routes, problems, sessions
pages/        pages for people
serving.py    one server process for one ledger; remote.py is the other end
cli.py        `bangfu`; its groups of commands in cli_*.py, which say by cli_say.py and, in lines, lines.py; what went wrong, cli_failed.py
demo/         示例县青溪乡, entered, verified and attacked
"""
