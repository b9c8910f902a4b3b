"""Content Copilot: a brand's own materials become private-domain copy that people can trust."""

__version__ = "0.1.0"
