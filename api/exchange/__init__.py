"""How files come in: registers (登记表) as offices publish and keep them, read row by row and never silently.

One way, left to right, all of it pure:

    bytes ─ csv_in ─► Grid ─ register ─► Register ─ plan ─► Plan
                                         (fields, faults)   (outcomes, payloads)

`grid` is the same for every file type, so that another type is another module beside `csv_in`. `text`, `headings`,
`amounts`, `cells` and `scope` hold the tables and the parsers of single cells; `identity` says when two rows are the
same row; `rules` numbers what is asked of a file. Nothing here signs, stores or knows the ledger.
"""
