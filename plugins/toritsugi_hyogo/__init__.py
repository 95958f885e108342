"""The Hyogo support network: its centre and its committee, manifests and calendars."""
