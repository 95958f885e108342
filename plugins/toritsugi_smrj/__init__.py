"""SMRJ: its manifest and calendar."""
