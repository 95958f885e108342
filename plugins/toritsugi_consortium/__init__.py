"""The consortium's secretariat: manifest and calendar."""
