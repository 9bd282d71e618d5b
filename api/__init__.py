"""How people and machines reach the ledger: settings, desk, command line, and the exchange of files.

settings.py   every setting, with its danger; the only reader of the environment
desk.py       `Desk`: the one place where domain, audit and projections are put together; the way in of commands
keeper.py     the vault beside it: whom a command names goes in, what is ordered to be erased goes out
personal.py   names on their way in; erasing.py what orders say
compose.py    commands and batches before they are signed
keyfile.py    private keys in files of their owners
archive.py    this program's rules as the archive that an epoch names
importing.py  registers in: batches to be signed, or what stands in the way; what became of them in imported.py
exporting.py  what holds now, as a workbook in the same columns
exchange/     registers and workbooks
workroom.py   the process with limits in which workbooks are read and written for the server
backing.py    a backup of one ledger, made and put back
http/         the ledger over HTTP: routes, problems, sessions
pages/        pages for people
serving.py    one server process for one ledger; remote.py is the other end
cli.py        `bangfu`; its groups of commands in cli_*.py (of papers' files: cli_papers.py)
demo/         示例县青溪乡, entered, verified and attacked
"""
