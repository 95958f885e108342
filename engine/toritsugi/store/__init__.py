"""Where cases live: the tables, the unit of work on SQLite and PostgreSQL, the migrations."""
