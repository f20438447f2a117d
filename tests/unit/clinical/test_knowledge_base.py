"""The knowledge files load as one, and a mistake in them is told with file, key and mend."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import FOLDER, KnowledgeError, knowledge, load

KNOWN = knowledge()

#: the findings and events of the shared vocabulary: others rely on each of these names
EVENTS = [
    "none",
    "thr",
    "hemiarthroplasty",
    "hip_resurfacing",
    "tkr",
    "knee_surgery",
    "spine_surgery",
    "other_surgery",
    "fracture",
    "fracture_surgery",
    "elbow_fracture_surgery",
    "acetabular_fracture_surgery",
    "hip_dislocation",
    "shoulder_dislocation",
    "polytrauma",
    "muscle_contusion",
    "muscle_strain",
    "ligament_sprain",
    "fall",
    "minor_injury",
    "sci",
    "tbi",
    "encephalitis",
    "stroke",
    "gbs",
    "icu_prolonged",
    "burn",
    "amputation",
    "blast_amputation",
    "genetic_fop",
]
SYMPTOMS = [
    "pain",
    "severe_pain",
    "night_pain",
    "tenderness",
    "stiffness",
    "loss_of_motion",
    "no_movement",
    "swelling",
    "warmth",
    "redness",
    "bruising",
    "lump",
    "growing_lump",
    "firmness",
    "spasms",
    "popping",
    "fever",
    "chills",
    "unwell",
    "fatigue",
    "wound_discharge",
    "skin_wound",
    "blisters",
    "rapid_worsening",
    "sudden_onset",
    "cannot_bear_weight",
    "deformity",
    "weakness",
    "numbness_tingling",
    "foot_drop",
    "saddle_numbness",
    "bladder_problem",
    "breathlessness",
    "chest_pain",
    "fainting",
    "palpitations",
    "dizziness",
    "headache",
    "sweating",
    "flushing",
    "high_blood_pressure",
    "blurred_vision",
    "abdominal_pain",
    "black_stools",
    "autonomic_dysreflexia",
    "skin_sensitivity",
    "hair_skin_change",
    "prosthesis_problem",
]
RISKS = [
    "previous_ho",
    "ho_on_imaging",
    "complete_sci",
    "sci_above_t6",
    "spasticity",
    "pressure_sore",
    "urinary_tract_infection",
    "pneumonia",
    "smoking",
    "coma_or_ventilation",
    "immobility",
    "brain_injury",
    "polytrauma",
    "long_bone_fracture",
    "paget_disease",
    "ankylosing_spondylitis",
    "dish",
    "rheumatoid_arthritis",
    "arm_burn",
    "burn_over_30_percent",
    "forced_or_repeated_injury",
    "big_toe_malformation",
    "previous_clot",
    "anticoagulant",
    "recent_surgery",
    "recent_infection",
    "immunosuppression",
    "diabetes",
    "hormonal_contraception",
    "cancer",
    "prophylaxis_nsaid",
    "prophylaxis_radiotherapy",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge that a test may spoil."""
    for path in FOLDER.glob("*.yml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("name", EVENTS)
def test_each_shared_event_is_known(name: str):
    assert name in KNOWN.triggers


@pytest.mark.parametrize("name", SYMPTOMS)
def test_each_shared_symptom_is_known(name: str):
    assert name in KNOWN.symptoms


@pytest.mark.parametrize("name", RISKS)
def test_each_shared_risk_factor_is_known(name: str):
    assert name in KNOWN.risk_factors


def test_no_name_is_both_a_symptom_and_a_risk_factor():
    assert KNOWN.symptoms.keys() & KNOWN.risk_factors.keys() == set()


def test_loading_twice_gives_the_same_version(folder: Path):
    assert load(folder).version == load(folder).version == KNOWN.version


def test_a_changed_file_changes_the_version(folder: Path):
    spoil(folder, "timing.yml", "points: -10", "points: -9")
    assert load(folder).version != KNOWN.version


def test_a_changed_file_changes_the_verdict(folder: Path):
    facts = Facts.from_json({"event_type": "tkr", "symptoms_present": ["fever"]})
    spoil(folder, "red_flags.yml", "urgency: same_day\n  when:\n    symptom: [fever, chills]",
          "urgency: emergency\n  when:\n    symptom: [fever, chills]")  # fmt: skip
    assert (judge(facts).urgency, judge(facts, load(folder)).urgency) == ("same_day", "emergency")


MISTAKES: list[tuple[str, str, str, str, str]] = [
    ("red_flags.yml", "symptom: fainting", "symptom: feinting", "fainting.when.symptom", "mend the spelling"),
    ("red_flags.yml", "urgency: emergency", "urgency: soon", "lung_clot].urgency", "emergency"),
    ("red_flags.yml", "sources: [S74]", "sources: [S999]", "fainting.sources", "sources.yml"),
    ("red_flags.yml", "id: fainting", "id: lung_clot", "lung_clot", "used twice"),
    ("red_flags.yml", "    symptom: fainting", "    sign: fainting", "fainting.when.sign", "use one of"),
    ("timing.yml", "  points: -10", "  point: -10", "too_early].points", "add it"),
    ("timing.yml", "  points: -10", "  points: -10\n  weight: 2", "too_early].weight", "remove it"),
    ("timing.yml", "{weeks: {below: 1},", "{weeks: 1,", "too_early.when.weeks", "below"),
    ("timing.yml", "id: too_early", "id: 'too early'", "id", "letters"),
    ("triggers.yml", "site: knee", "site: kneecap", "tkr.site", "sites.yml"),
    ("symptoms.yml", "implies: [lump]", "implies: [lamp]", "growing_lump.implies", "symptoms.yml"),
    ("risk_factors.yml", "implies_event: sci", "implies_event: spi", "implies_event", "triggers.yml"),
    ("scores.yml", "part: modifier", "part: modifyer", "male.part", "scores.yml"),
    ("questions.yml", "fact: breathlessness", "fact: breathlesness", "fact", "symptoms.yml"),
    ("safety_nets.yml", "id: breathlessness", "id: breathlesness", "breathlesness.id", "symptoms.yml"),
    ("urgency.yml", "levels:", "level:", "top level", "sections"),
    ("imaging.yml", "- id: leg_vein_ultrasound", "- id: [", "line", "YAML"),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "mend"), MISTAKES)
def test_a_mistake_names_file_key_and_mend(folder: Path, file: str, old: str, new: str, key: str, mend: str):
    spoil(folder, file, old, new)
    with pytest.raises(KnowledgeError) as raised:
        load(folder)
    assert raised.value.file == file
    assert key in raised.value.key
    assert mend in raised.value.mend


def test_a_missing_file_is_named(folder: Path):
    (folder / "timing.yml").unlink()
    with pytest.raises(KnowledgeError, match=r"timing\.yml.*missing"):
        load(folder)


def test_a_country_code_that_looks_like_a_yes_or_no_stays_text(folder: Path):
    spoil(folder, "emergency_numbers.yml", "id: NZ", "id: NO")
    assert "NO" in load(folder).emergency_numbers


def test_each_urgency_and_band_is_described():
    assert set(KNOWN.levels) == {"emergency", "same_day", "within_2_weeks", "routine", "self_care"}
    assert set(KNOWN.bands) == {"low", "moderate", "high"}


def entries() -> dict[str, Any]:
    fields = vars(KNOWN).items()
    return {f"{name}.{key}": e for name, held in fields if isinstance(held, dict) for key, e in held.items()}


def test_each_entry_has_a_date_of_review():
    undated = [key for key, entry in entries().items() if not hasattr(entry, "reviewed")]
    # The words around the verdict are no medicine.
    assert [key for key in undated if not key.startswith("sayings.")] == []


def test_no_published_score_is_computed_from_points_that_we_do_not_have():
    assert [score.id for score in KNOWN.scores.values() if score.computed or not score.why_not] == []


def test_the_burn_table_holds_the_published_totals():
    table = KNOWN.scores["burn_13_point"].percent_by_total
    assert table is not None
    assert (table[0], table[13], len(table)) == (0.04, 72.8, 14)


def test_a_verdict_is_plain_json():
    verdict = judge(Facts.from_json({"event_type": "thr", "symptoms_present": ["fever"]}))
    assert json.loads(json.dumps(verdict.to_json())) == verdict.to_json()
