"""Beginnings for whoever adds an institution or a procedure: texts that teach, filled in and put where they belong."""
