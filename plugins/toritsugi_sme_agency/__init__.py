"""SME Agency: its manifest and calendar."""
