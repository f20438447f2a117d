"""The spaCy pipeline of the ear: ``spacy.blank("en")``, our tokenizer, and one component a concern."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from .assertion import judge_assertions
from .bearers import leave_out_others
from .corrections import take_back
from .endings import judge_endings
from .events import hear_events
from .findings import hear_findings, heard_words
from .gather import gather_mentions
from .harmless import leave_out_harmless
from .likeness import hear_likeness
from .measures import hear_measures
from .people import hear_person
from .replies import hear_replies
from .sites import hear_sites
from .story import Story, story_of
from .times import hear_times
from .vocabulary import all_words, classes, misspellings, real_words
from .words import LayTokenizer

#: In this order: who it is about decides whose findings they are; findings decide what a time belongs to.
_STEPS: tuple[tuple[str, Callable[[Story], None]], ...] = (
    ("findings", hear_findings),
    ("person", hear_person),
    ("corrections", take_back),
    ("measures", hear_measures),
    ("assertion", judge_assertions),
    ("bearers", leave_out_others),
    ("endings", judge_endings),
    ("harmless", leave_out_harmless),
    ("times", hear_times),
    ("sites", hear_sites),
    ("events", hear_events),
    ("replies", hear_replies),
    ("gather", gather_mentions),
    ("likeness", hear_likeness),
)


def _component(step: Callable[[Story], None]) -> Callable[[Doc], Doc]:
    def component(doc: Doc) -> Doc:
        step(story_of(doc))
        return doc

    return component


for _name, _step in _STEPS:
    Language.component(f"ho_{_name}", func=_component(_step))


@lru_cache(maxsize=1)
def language() -> Language:
    """The pipeline, made once (about a tenth of a second)."""
    nlp = spacy.blank("en")
    targets = {word for word in heard_words() if word.isalpha()}
    real = real_words() | all_words()
    nlp.tokenizer = LayTokenizer(nlp.vocab, misspellings(), targets, real, classes()["body"])
    for name, _ in _STEPS:
        nlp.add_pipe(f"ho_{name}")
    return nlp


def hear(text: str, today: date) -> Story:
    """Run the pipeline over one message."""
    nlp = language()
    doc = nlp.make_doc(text)
    words = [token.text for token in doc]
    story = doc.user_data["story"] = Story(words, doc.user_data["spans"], text, today)
    return story_of(nlp(doc)) if words else story  # "_" holds no word
