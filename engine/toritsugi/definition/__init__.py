"""What a procedure is, as data: its model, the loader of its YAML, its static checks. Pure."""
