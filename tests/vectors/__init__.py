"""FORMAT 17: histories and single values with the verdicts they must get; `make` writes them, one module holds one chapter's."""
