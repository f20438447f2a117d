"""The memory: consents, cases, verdicts, audit and conversations, in two SQLite files."""

from .database import ErasureIncomplete
from .paths import data_folder, records_path, tracker_path
from .store import DECLINED, GIVEN, UNSURE, CaseMissing, ConsentMissing, Receipt, Records, RecordsError

__all__ = [
    "DECLINED",
    "GIVEN",
    "UNSURE",
    "CaseMissing",
    "ConsentMissing",
    "ErasureIncomplete",
    "Receipt",
    "Records",
    "RecordsError",
    "data_folder",
    "records_path",
    "tracker_path",
]
