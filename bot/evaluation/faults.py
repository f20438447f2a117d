"""A case on which the assistant fails is a case without an answer, as it would be for a patient."""

from __future__ import annotations

import logging

from .cases import Case
from .metrics import Outcome

#: What a fault of our own code raises. Anything else (no memory, a missing file) ends the run.
FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

_logger = logging.getLogger(__name__)


def unanswered(case: Case) -> Outcome:
    """The outcome of a case whose assessment raised; call it while handling the fault, to report it."""
    _logger.exception("case %s was not answered", case.id)
    return Outcome(case, None, None)
