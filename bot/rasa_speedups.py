"""Two pieces of work that Rasa 3.6 repeats in every turn though their result never changes.

Five sixths of a form turn with a stock action server go into checking one constant JSON schema anew for
every action, and every event that is read looks through all subclasses of ``Event``. Nothing here
changes an outcome; ``benchmarks/turn.py`` measures what it saves.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def prepare() -> None:
    """Make the process ready to import Rasa fast and to run it fast; safe to call more than once."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    # Below this Rasa also draws a progress bar for every step of every policy.
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    # skops scans every loaded module when it is imported: nothing before TensorFlow, seconds after it.
    # Sanic turns on deprecation warnings; nobody here can mend those of Rasa's dependencies.
    import sanic  # noqa: F401
    import skops.io  # noqa: F401

    warnings.filterwarnings("ignore", category=DeprecationWarning)
    # Rasa warns of slots that only actions set, which is what ours are for.
    warnings.filterwarnings("ignore", message="Slot auto-fill has been removed")
    _cache_action_schema()
    _cache_event_types()


def _cache_action_schema() -> None:
    from jsonschema.exceptions import best_match
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(self: RemoteAction, result: Any) -> bool:
        # What the SDK made in this very process did not travel and cannot be another version's.
        if getattr(self.action_endpoint, "in_this_process", False):
            return True
        error = best_match(validator.iter_errors(result))
        if error is not None:
            raise error
        return True

    RemoteAction._validate_action_result = validate


def _cache_event_types() -> None:
    from rasa.shared.core.events import Event

    original: Callable[..., Any] = Event.resolve_by_type
    known: dict[str, Any] = {}

    def resolve_by_type(type_name: str, default: Any = None) -> Any:
        if type_name not in known:
            found = original(type_name, default)
            # A default or None is no answer to keep: the real class may be imported later.
            if found is None or found is default:
                return found
            known[type_name] = found
        return known[type_name]

    Event.resolve_by_type = staticmethod(resolve_by_type)
