"""The Tottori management-support centre: its manifest and calendar."""
