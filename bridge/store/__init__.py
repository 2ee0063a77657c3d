"""What is read from: a projection of the journal into a database, SQLite by default."""
