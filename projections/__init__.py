"""What people read: derived from entries, in order, and rebuildable from zero at any time. No authority.

    ports      what is asked of the log
    entry      an entry together with the command that made it, in today's shape
    said       what has been said of a subject, and what of it holds on a day
    tables     the read database as a whole: every table, its tallies, its shape
    shared_columns    what its tables are made of
    standing_tables, estate_tables, disposal_tables    the tables of the nouns
    database   the read database: a file of its own, or the schema `bangfu_read`
    rows       the rows one transaction reads and changes
    territory  areas taken together, in which a subject lies
    tally, counts    how many rows lie where: what a tally is, and how it is kept
    writing    one statement for many rows
    noun       what a noun is here: its table, its handlers, its tellers
    area, asset, batch, disposal, document, load, meeting, notice, obligation, parameter, project, proposal    one noun each
    entered    what nouns have in common whose entries are checked
    nouns      the one list of nouns
    follow     entries in order become rows, with the position in the same transaction
    rebuild    replay from zero and compare
    wanted     which subjects a reader asks for
    walk       their rows in order, from tally to index to row
    register   the register (台账) of any noun with its sums, as it stands now
    owed       what is owed in matters of a project or an asset, for its trace
    pages      pages of any noun's subjects, by two clocks
    resolve    `project:QX-0007` -> the subject's id
    story      the entries that tell of a subject, and the names in them
    leads      what was corrected since of what an entry rests on
    timeline   the story of a subject, item by item
    trace      state, sums, story and links of a subject, from entries; as JSON and as text
    named      a trace with names, for who may be told them
    diff       two points of two clocks compared, and what made the difference
    labels     Chinese words for events, fields and classes; standing_labels, estate_labels, disposal_labels by family
    wording    recorded values in words
    cards      the fields of each noun in the order of its form, in its own words
    text       columns of Chinese text on a terminal

Rows serve lists and sums. What an inspector or auditor is told is built from entries (D14).
"""
