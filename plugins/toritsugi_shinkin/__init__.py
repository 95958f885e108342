"""Shinkin Central Bank: its manifest and calendar."""
