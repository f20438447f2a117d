"""Scripted conversation tests for Rasa Open Source: Rasa's end-to-end YAML, run with the real actions.

Knows Rasa, and nothing of this assistant's medicine: docs/scenarios.md shows it on another bot.
"""

from .reader import ScenarioError, find_files, not_in_reach, read_file
from .runner import Result, run_case
from .talk import InProcess, RestServer, SocketServer

__all__ = [
    "InProcess",
    "RestServer",
    "Result",
    "ScenarioError",
    "SocketServer",
    "find_files",
    "not_in_reach",
    "read_file",
    "run_case",
]
