"""The trained model: which one fits what is in the files now, and how to make it."""

from __future__ import annotations

import hashlib
import logging
import sys
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from bot.rasa_speedups import prepare

ROOT = Path(__file__).resolve().parent.parent
MODELS = "models"
#: Whatever a model is made of, below the root: configuration, training data, the ear and its vocabulary.
_SOURCES = ("config.yml", "domain.yml", "data", "bot/nlu", "bot/clinical")
_SUFFIXES = (".yml", ".yaml", ".py", ".json", ".txt")


class TrainingFailed(RuntimeError):
    """Rasa could not train; it has printed why."""


def model_path(root: Path = ROOT) -> Path:
    """Where the model that fits the files of ``root`` is, or would be: its name carries their hash."""
    digest = hashlib.sha256(version("rasa").encode())
    for path in _source_files(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return root / MODELS / f"ho-triage-{digest.hexdigest()[:16]}.tar.gz"


def fitting_model(root: Path = ROOT) -> Path | None:
    """The trained model that fits the files of ``root``, if there is one."""
    path = model_path(root)
    return path if path.is_file() else None


def train(root: Path = ROOT, progress: TextIO = sys.stderr) -> Path:
    """The model that fits the files of ``root``; trained first, with its steps told, unless it exists.

    Raises: ``TrainingFailed``.
    """
    path = model_path(root)
    if path.is_file():
        return path
    print("Training the model. This takes about a minute and is needed once.", file=progress, flush=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two that train at once would write into one file: each has its own, and the last one stands, whole.
    with TemporaryDirectory(dir=path.parent, prefix=".training-") as folder:
        trained = Path(folder) / path.name
        _run_training(root, trained, progress)
        if not trained.is_file():
            raise TrainingFailed("Rasa trained no model; the messages above say why.")
        trained.replace(path)
    print("The model is trained.", file=progress, flush=True)
    return path


def _source_files(root: Path) -> list[Path]:
    found = (root / source for source in _SOURCES)
    files = [path for top in found for path in ([top] if top.is_file() else top.rglob("*"))]
    return sorted(path for path in files if path.suffix in _SUFFIXES and path.is_file())


def _run_training(root: Path, path: Path, progress: TextIO) -> None:
    prepare()
    import rasa
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    steps = _Steps(progress)
    logger = logging.getLogger("rasa.engine.training.hooks")
    logger.addHandler(steps)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        # Rasa's cache does not see that the code or the vocabulary of our own components changed.
        with redirect_stdout(progress):  # Rasa prints; standard output belongs to whoever called us
            rasa.train(
                domain=str(root / "domain.yml"),
                config=str(root / "config.yml"),
                training_files=[str(root / "data")],
                output=str(path.parent),
                fixed_model_name=path.name.removesuffix(".tar.gz"),
                force_training=True,
            )
    finally:
        logger.removeHandler(steps)


class _Steps(logging.Handler):
    """Prints the name of each component whose training starts."""

    def __init__(self, progress: TextIO) -> None:
        super().__init__()
        self.progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        """Print one step."""
        message = record.getMessage()
        if message.startswith("Starting to train component"):
            name = message.rpartition("'")[0].rpartition("'")[2]
            print(f"  training {name}", file=self.progress, flush=True)
