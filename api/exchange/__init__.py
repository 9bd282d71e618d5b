"""How files come in and go out: registers (登记表) as offices publish and keep them, read row by row and never silently.

One way, left to right, all of it pure:

    bytes ─ workbook ─► Workbook ─ register ─► Register ─ plan ─► Plan ─ annotate, results ─► the user's own workbook
                        of Grids               (fields, faults)   (outcomes, payloads)

`workbook` knows a file by its bytes and leaves it to `csv_in`, `xlsx_in`, `xls_in` or `ods_in`, within the `limits` of a file
(`packed` reads its parts, `errors` says what cannot be read at all); a `Grid` of `grid` is the same for all of them. `tables` and `forms` find where the data is; `row_reader` reads one row by its `row_cells` and `row_money` and
gives a `SheetRow` of `rows`; `sums` compares what is printed; `outcome` is the answer. What a noun's columns are is data: a `Schema` (`schema`) in `project`,
`asset` or `obligation`, with what a row says in the words of its command; they share `columns` and `opening`, and `nouns`
lists them. `said` makes the payload of a row (where it lies, what of the same file or of the ledger it belongs to) and says
how it differs from what is held, by `compare`. By the same schemas `template` and `csv_out` make empty and filled tables,
whose cells are `written`; `saved` packs a workbook in memory. `text`, `amounts`, `numerals`, `cells`, `displayed`, `party` and `scope` hold the tables and the
parsers of single cells; `identity` says when two rows are the same row; `rules` numbers what is asked of a file. Nothing here
signs, stores or knows the ledger.
"""
