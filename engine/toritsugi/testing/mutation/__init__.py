"""Whether the specs of a procedure would notice if the procedure said something else: mutants, and who kills them."""
