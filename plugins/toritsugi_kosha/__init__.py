"""Kosha, the Tokyo SME corporation: its manifest and calendar."""
