"""Pure values and decisions: no clock, no session, no network; `now` is always an argument."""
