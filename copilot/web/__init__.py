"""Pages: parse, call, render; nothing is decided here."""
