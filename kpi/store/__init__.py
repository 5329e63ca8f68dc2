"""The store: the only part that opens a database, and its only writer."""
