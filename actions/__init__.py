"""Custom actions: thin translators between Rasa's tracker and ``bot``.

Rasa's action server and the in-process executor both register every Action class found in this package.
"""

from . import asking, control, interview, privacy, session, teaching, verdict

__all__ = ["asking", "control", "interview", "privacy", "session", "teaching", "verdict"]
