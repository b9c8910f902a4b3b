"""Embedders: the bundled multilingual model, or any OpenAI-compatible service."""
