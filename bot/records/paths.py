"""Where the memory lies on disk."""

from __future__ import annotations

import os
from pathlib import Path

DATA_VARIABLE = "HO_TRIAGE_DATA"
RECORDS_FILE = "records.sqlite"
TRACKER_FILE = "tracker.sqlite"
MAIL_FILE = "mail.sqlite"


def folder_path(folder: Path | str | None = None) -> Path:
    """``folder``, else ``HO_TRIAGE_DATA``, else ``./var``; nothing is made."""
    return Path(folder or os.environ.get(DATA_VARIABLE) or "var")


def data_folder(folder: Path | str | None = None) -> Path:
    """The folder of the databases: ``folder``, else ``HO_TRIAGE_DATA``, else ``./var``.

    Made when missing, readable by its owner only (mode 0700). Raises OSError when it cannot be made.
    """
    path = folder_path(folder)
    if not path.is_dir():
        path.mkdir(parents=True, mode=0o700)
        # mkdir's mode passes through the umask; the promise does not.
        path.chmod(0o700)
    return path


def records_path(folder: Path | str | None = None) -> Path:
    """The file of consents, cases, facts, verdicts and audit."""
    return data_folder(folder) / RECORDS_FILE


def tracker_path(folder: Path | str | None = None) -> Path:
    """The file of Rasa's conversation events."""
    return data_folder(folder) / TRACKER_FILE


def mail_path(folder: Path | str | None = None) -> Path:
    """The file of what is on its way from and to Slack and Telegram."""
    return data_folder(folder) / MAIL_FILE
