"""The one tree of errors: each carries identity and meaning, and is worded only at the edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class CopilotError(Exception):
    """Root of everything this product raises on purpose.

    `message_id` names the sentence a reader sees (worded in `copilot/wording.py`),
    `params` are the values in it. Neither ever holds a secret.
    """

    message_id = "error.unexpected"

    @property
    def params(self) -> Mapping[str, Any]:
        return {}

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.message_id}({details})"


class NotFound(CopilotError):
    """Nothing of this kind has this identity, or the caller may not know that it exists."""

    message_id = "error.not_found"

    def __init__(self, kind: str, identity: object) -> None:
        super().__init__(kind, identity)
        self.kind = kind
        self.identity = identity

    @property
    def params(self) -> Mapping[str, Any]:
        return {"kind": self.kind, "identity": self.identity}


class NotAllowed(CopilotError):
    """The person lacks a permission, or a rule such as four eyes forbids the act."""

    message_id = "error.not_allowed"

    def __init__(self, permission: str, *, message_id: str | None = None) -> None:
        super().__init__(permission)
        self.permission = permission
        if message_id is not None:
            self.message_id = message_id

    @property
    def params(self) -> Mapping[str, Any]:
        return {"permission": self.permission}


class InvalidInput(CopilotError):
    """Input that a person can mend: `fields` maps each field to a message id; `values` fill the sentence."""

    message_id = "error.invalid_input"

    def __init__(self, fields: Mapping[str, str], **values: Any) -> None:
        super().__init__(dict(fields), values)
        self.fields = dict(fields)
        self.values = values

    @property
    def params(self) -> Mapping[str, Any]:
        return {"fields": self.fields, **self.values}


class Conflict(CopilotError):
    """The request was fine, the state of things is not."""

    message_id = "error.conflict"

    def __init__(self, message_id: str | None = None, **values: Any) -> None:
        super().__init__(message_id, values)
        if message_id is not None:
            self.message_id = message_id
        self.values = values

    @property
    def params(self) -> Mapping[str, Any]:
        return self.values


class StaleRevision(Conflict):
    """The text was edited from a revision that is no longer the newest; what was typed must be kept."""

    def __init__(self, *, based_on: int, newest: int) -> None:
        super().__init__("error.stale_revision", based_on=based_on, newest=newest)


class IllegalTransition(Conflict):
    """A state machine does not know this move."""

    def __init__(self, subject: str, source: str, target: str) -> None:
        super().__init__("error.illegal_transition", subject=subject, source=source, target=target)
        self.source = source
        self.target = target


class PromptError(CopilotError):
    """A prompt file and its caller disagree: a fault of ours, never of the reader."""

    message_id = "error.prompt"

    def __init__(self, prompt: str, detail: str) -> None:
        super().__init__(prompt, detail)
        self.prompt = prompt
        self.detail = detail

    @property
    def params(self) -> Mapping[str, Any]:
        return {"prompt": self.prompt, "detail": self.detail}


class MissingVariable(PromptError):
    """The caller did not give what the prompt's contract names, or gave what it does not name."""


class UnknownPrompt(PromptError):
    """No prompt file has this name."""


class Unreadable(CopilotError):
    """A file that cannot become a material. `reason` completes `unreadable.<reason>`: what to do is in its sentence."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason, values)
        self.reason = reason
        self.values = values
        self.message_id = f"unreadable.{reason}"

    @property
    def params(self) -> Mapping[str, Any]:
        return self.values


class ExternalError(CopilotError):
    """An outside service failed. The subclass says whether trying again can help."""

    message_id = "error.external"

    def __init__(self, service: str, reason: str, **values: Any) -> None:
        super().__init__(service, reason, values)
        self.service = service
        self.reason = reason
        self.values = values
        self.message_id = f"external.{reason}"

    @property
    def params(self) -> Mapping[str, Any]:
        return {"service": self.service, **self.values}


class Retryable(ExternalError):
    """Trying the same call later can succeed. `after` is the service's own wish in seconds, if it had one."""

    def __init__(self, service: str, reason: str, *, after: float | None = None, **values: Any) -> None:
        super().__init__(service, reason, **values)
        self.after = after


class Permanent(ExternalError):
    """The same call will fail again until a person changes something."""


class OutcomeUnknown(ExternalError):
    """The call left us and no answer was seen: it may have worked, so it is never repeated by itself."""
