"""What an event does: the decision, its guards, deadlines and calendars, all values. Pure."""
