"""Carries a decision out: one event is one transaction, then the outbox; timers, calendars, the registry."""
