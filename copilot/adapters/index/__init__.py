"""The dense index of passages."""
