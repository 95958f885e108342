"""The demonstration: one company's application, carried from the bank's desk to `closed` over year-end."""
