"""What is true and what may be done: the nouns of the ledger, their commands, their rules. No I/O at all."""
