"""The commands, a file for each group; each is imported when it is asked for."""
