"""A column as a form: what was typed becomes a profile as `columns.yaml` has it, and a profile fills the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.columns import Every, Form, Module, Value
from copilot.services.queries.sops import DestinationRow

_LENGTH = {Language.ZH: [60, 180], Language.EN: [35, 110]}
_HOME = {
    Language.ZH: (Channel.COMMUNITY,),
    Language.EN: (Channel.SLACK, Channel.TELEGRAM, Channel.DISCORD, Channel.EMAIL),
}


def typed_profile(form: MultiDict[str, str]) -> dict[str, Any]:
    """What stands in the form, word for word; the service says what of it does not fit.

    Destinations are read from under the chosen channel, so that ticks under another one do no harm.
    """
    channel = form.get("channel", "")
    return {
        "slug": form.get("slug", ""),
        "name": form.get("name", ""),
        "module": form.get("module", ""),
        "value": form.get("value", ""),
        "form": form.get("form", ""),
        "cadence": {
            "every": form.get("every", ""),
            **{key: form.getlist(key) for key in ("weekdays", "days", "festivals")},
            "dates": [day for day in form.getlist("dates") if day.strip()],
        },
        "time": form.get("time", ""),
        "channel": channel,
        "destinations": form.getlist(f"destinations-{channel}"),
        "purpose": form.get("purpose", ""),
        "kinds": form.getlist("kinds"),
        "length": [form.get("least", ""), form.get("most", "")],
        "structure": [line.strip() for line in form.get("structure", "").splitlines() if line.strip()],
        "call_to_action": form.get("call_to_action", ""),
        "owner": form.get("owner", ""),
        "kpi": form.get("kpi", ""),
        "tolerance_minutes": form.get("tolerance_minutes", ""),
        "alone": "alone" in form,
    }


def blank_profile(language: Language, destinations: Sequence[DestinationRow]) -> dict[str, Any]:
    """A new column as most are: every day, in the brand's own groups."""
    reached = [row for row in destinations if row.enabled]
    had = {row.channel for row in reached}
    channel = next((one for one in _HOME[language] if one in had), _HOME[language][0])
    return {
        "slug": "",
        "name": "",
        "module": str(Module.INTERACTION),
        "value": str(Value.SOCIAL),
        "form": str(Form.TOPIC),
        "cadence": {"every": str(Every.DAY)},
        "time": "",
        "channel": str(channel),
        "destinations": [row.slug for row in reached if row.channel is channel],
        "purpose": "",
        "kinds": [],
        "length": _LENGTH[language],
        "structure": [],
        "call_to_action": "",
    }


def filled(profile: Mapping[str, Any]) -> dict[str, Any]:
    """The profile with every key that the form shows, all of it as text."""
    cadence = profile["cadence"]
    least, most = profile["length"]
    return {
        **{
            key: str(profile.get(key) or "")
            for key in ("slug", "name", "module", "value", "form", "time", "channel", "purpose")
        },
        **{
            key: str(profile.get(key) or "")
            for key in ("call_to_action", "owner", "kpi", "tolerance_minutes")
        },
        "every": cadence["every"],
        "weekdays": [str(day) for day in cadence.get("weekdays", ())],
        "days": [str(day) for day in cadence.get("days", ())],
        "festivals": list(cadence.get("festivals", ())),
        "dates": list(cadence.get("dates", ())),
        "destinations": list(profile.get("destinations", ())),
        "kinds": list(profile["kinds"]),
        "least": str(least),
        "most": str(most),
        "structure": "\n".join(profile.get("structure", ())),
        "alone": bool(profile.get("alone")),
    }
