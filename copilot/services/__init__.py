"""Use cases: one public method is one intention with one explicit commit."""
