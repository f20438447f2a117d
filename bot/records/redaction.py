"""Keep people's words out of the logs.

Allow-lists, not block-lists: of a structlog entry only the named keys below are printed, and of an
ordinary log record only text that stands word for word in the program. What a program puts together
at run time may hold what a person said, so it is replaced by the place where it was logged.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Callable, MutableMapping
from types import CodeType, TracebackType
from typing import Any

import structlog
from rasa.utils.log_utils import configure_structlog

WITHHELD = "[withheld]"

#: structlog keys that never hold a person's words.
PRINTED_KEYS = frozenset(
    ("event", "level", "timestamp", "logger", "lineno", "error", "where", "len_extraction_events")
)
_EVENT_NAME = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")

#: Attributes that ``logging`` itself sets; ``status`` and ``byte`` are the access log's.
_RECORD_KEYS = frozenset((*vars(logging.makeLogRecord({})), "message", "asctime", "status", "byte"))
_LOGGERS_WITH_EXTRAS = ("sanic.access", "sanic.root", "sanic.error")


class Redacted(str):
    """A log text that was looked at."""


def redact_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: only what is on the allow-list stays readable."""
    error = event.pop("exc_info", None)
    if error:
        event.update(_error_facts(error))
    return {key: _allowed(key, value) for key, value in event.items()}


def _allowed(key: str, value: Any) -> Any:
    if key not in PRINTED_KEYS:
        return WITHHELD
    if key == "event" and not _EVENT_NAME.fullmatch(str(value)):
        return WITHHELD
    return value


def _seal(_: Any, __: str, rendered: Any) -> Any:
    """The last processor: marks the rendered line, so that the logging filter lets it pass."""
    return Redacted(rendered) if isinstance(rendered, str) else rendered


def _error_facts(error: Any) -> dict[str, Any]:
    """The type of an error and where it was raised; its message may quote a person."""
    if isinstance(error, BaseException):
        return {"error": type(error).__name__, "where": _frames(error.__traceback__)}
    kind, _, trace = error if isinstance(error, tuple) else sys.exc_info()
    return {"error": kind.__name__ if kind else None, "where": _frames(trace)}


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


class RedactingFilter(logging.Filter):
    """The same for the standard library's loggers, which Rasa, Sanic and asyncio use."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not isinstance(record.msg, Redacted):
            record.msg = Redacted(_literal_or_place(record))
        record.args = ()
        if record.exc_info:
            facts = _error_facts(record.exc_info)
            record.exc_text = "\n".join([*facts["where"], str(facts["error"])])
            record.exc_info = None
        for key in set(vars(record)) - _RECORD_KEYS:
            setattr(record, key, WITHHELD)
        return True


def _literal_or_place(record: logging.LogRecord) -> str:
    if isinstance(record.msg, str) and _is_literal(record):
        return record.msg
    return f"{WITHHELD} {record.name} {record.funcName}:{record.lineno}"


def _is_literal(record: logging.LogRecord) -> bool:
    """True when the message is a constant of the function that logged it."""
    code = _caller(record)
    return code is not None and record.msg in code.co_consts


def _caller(record: logging.LogRecord) -> CodeType | None:
    frame = sys._getframe()
    while frame is not None:
        code = frame.f_code
        if code.co_filename == record.pathname and code.co_name == record.funcName:
            return code
        frame = frame.f_back  # type: ignore[assignment]
    return None


class _RedactingFactory:
    """Redacts a record as it is made, so that handlers added later cannot print more."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make
        self._filter = RedactingFilter()

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._make(*args, **kwargs)
        self._filter.filter(record)
        return record


def configure_logging(level: int | None = None) -> None:
    """Set up all logging of a process, redacted; ``level`` as in ``logging``, by default LOG_LEVEL's."""
    configure_structlog(level)
    redact_logs()


def redact_logs() -> None:
    """Redact whatever logging is configured; calling it again changes nothing."""
    _redact_structlog()
    if not isinstance(logging.getLogRecordFactory(), _RedactingFactory):
        logging.setLogRecordFactory(_RedactingFactory(logging.getLogRecordFactory()))
        for name in _LOGGERS_WITH_EXTRAS:
            # Extras join a record after it was made, out of the factory's sight.
            logging.getLogger(name).addFilter(RedactingFilter())
    # Rasa's warnings quote the message they could not read.
    logging.captureWarnings(True)


def _redact_structlog() -> None:
    processors = structlog.get_config()["processors"]
    if redact_event in processors:
        return
    # In place: loggers that were used before hold on to this very list.
    before_renderers = next(
        (i + 1 for i, one in enumerate(processors) if one is structlog.dev.set_exc_info), len(processors) - 1
    )
    processors.insert(before_renderers, redact_event)
    processors.append(_seal)
