"""Turns what model clients raise into the product's own errors, once, with a reason a person can act on."""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from copilot.errors import CopilotError, ExternalError, Permanent, Retryable

_SAID_AT_MOST = 160
_SECRET = re.compile(
    r"(?i)\b(?:bearer|basic)\s+\S+"
    r"|\b(?:api[-_ ]?key|token|secret|password|authorization)\b[\"']?\s*(?:provided)?\s*[:=]"
    r"\s*[\"']?[^\s\"',}]+"
    r"|\b(?:sk|pk|rk|ak|key|org|proj)-[\w*.-]{6,}"
    r"|//[^/\s@]+@"
    r"|(?<=\?)\S+"
    r"|(?=[\w*+/=-]*\d)(?=[\w*+/=-]*[A-Za-z])[\w*+/=-]{24,}"
)


@contextmanager
def translated(service: str) -> Iterator[None]:
    """Raises Retryable or Permanent in place of whatever a client of a model service raises inside.

    Wrap calls into client libraries only: a ValueError or a KeyError in here counts as an answer
    that made no sense, because that is what those libraries raise for one.
    """
    try:
        yield
    except CopilotError:
        raise
    except Exception as exc:
        raise _translation(service, exc) from exc


def _translation(service: str, exc: Exception) -> ExternalError | Exception:
    import openai

    if isinstance(exc, openai.APIStatusError):
        return _by_status(service, exc.status_code, exc, exc.response.headers.get("retry-after"))
    if isinstance(exc, openai.APIConnectionError) or _root(exc) is not None:
        return _by_network(service, exc)
    if isinstance(exc, openai.APIResponseValidationError):
        return Permanent(service, "nonsense")
    if isinstance(exc, openai.APIError):
        # An error told within a stream whose status had already been 200.
        code = str(exc.body.get("code") if isinstance(exc.body, dict) else exc.code)
        return _by_status(service, int(code) if code.isdigit() else 500, exc, None)
    if isinstance(exc, openai.OpenAIError):
        return Permanent(service, "unauthorized")  # The client was given no key at all.
    return Permanent(service, "nonsense")


def _by_status(service: str, status: int, exc: Exception, retry_after: str | None) -> ExternalError:
    said = _said(exc)
    if status in (401, 403):
        return Permanent(service, "unauthorized")
    if status == 402 or (status == 429 and re.search(r"insufficient_quota|billing|balance", said, re.I)):
        return Permanent(service, "quota")
    if re.search(r"model_not_found|model.{0,60}(not found|not exist)", said, re.I):
        return Permanent(service, "unknown_model")
    if status in (404, 405, 410):
        return Permanent(service, "not_found")
    if status == 429:
        return Retryable(service, "rate_limited", after=_seconds(retry_after))
    if status in (408, 504):
        return Retryable(service, "timeout", after=_seconds(retry_after))
    if status >= 500 or status in (409, 425):
        return Retryable(service, "unavailable", after=_seconds(retry_after))
    if status == 413 or re.search(
        r"context.{0,20}(length|window|size)|prompt is too long|maximum.{0,20}tokens", said, re.I
    ):
        return Permanent(service, "too_long")
    return Permanent(service, "bad_request", detail=_shorn(said))


def _by_network(service: str, exc: Exception) -> ExternalError:
    import httpx2
    import openai

    root = _root(exc)
    if isinstance(root, httpx2.ConnectTimeout):
        return Retryable(service, "unreachable")
    if isinstance(exc, openai.APITimeoutError) or isinstance(root, httpx2.TimeoutException):
        return Retryable(service, "timeout")
    if isinstance(root, (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.TooManyRedirects)):
        return Permanent(service, "not_found")
    if isinstance(root, httpx2.DecodingError):
        return Permanent(service, "nonsense")
    if isinstance(root, (httpx2.ReadError, httpx2.RemoteProtocolError, httpx2.WriteError, httpx2.CloseError)):
        return Retryable(service, "cut")
    return Retryable(service, "unreachable")


def _root(exc: BaseException) -> BaseException | None:
    """The transport's own exception among the causes: what the client libraries wrap tells least."""
    import httpx2

    seen: BaseException | None = exc
    while seen is not None:
        if isinstance(seen, httpx2.HTTPError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None


def _said(exc: Exception) -> str:
    """The server's own words, out of the JSON body if there was one."""
    body = getattr(exc, "body", None)
    if isinstance(body, dict):
        inner = body.get("error", body)
        inner = inner if isinstance(inner, dict) else {"message": inner}
        words = [inner.get("code"), inner.get("type"), inner.get("message") or inner.get("detail")]
        return " ".join(str(word) for word in words if word)
    return str(body or exc)


def _shorn(said: str) -> str:
    """One short line without markup and without anything that looks like a secret."""
    plain = re.sub(r"<[^>]*>", " ", said)
    line = " ".join(_SECRET.sub("…", plain).split())
    return line if len(line) <= _SAID_AT_MOST else line[: _SAID_AT_MOST - 1].rstrip() + "…"


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After as seconds from now; it may be a number or a date, and nonsense counts as absent."""
    if not retry_after:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None
