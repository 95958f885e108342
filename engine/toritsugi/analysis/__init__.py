"""Asks a procedure questions without running it: explore, prove, simulate, compare. Pure."""
