"""The offline composer: copy from a brand's own sentences and authored frames, with no model."""

from copilot.adapters.llm.composer.composer import Composer

__all__ = ["Composer"]
