"""Japan Federation of Bar Associations: its manifest and calendar."""
