from __future__ import annotations

import pytest

from bot.evaluation.sites import side_matches, site_matches


@pytest.mark.parametrize(
    ("expected", "heard", "matches"),
    [
        ("left hip / leg", "left hip", True),
        ("left hip / leg", "left leg", True),
        ("right medial knee", "right knee", True),
        ("left groin; right leg short", "left hip", True),
        ("left calf", "left leg", True),
        ("left calf", "left thigh", False),
        ("left calf", "lower leg", True),
        ("left residual limb", "left stump", True),
        ("both hips, right knee, right shoulder, left elbow", "right knee", True),
        ("upper arm / elbow", "forearm", False),
        ("left hip", None, False),
        ("whole body", "left hip", None),
        (None, "left hip", None),
    ],
)
def test_sites_match_when_they_share_a_part(expected: str, heard: str, matches: bool | None) -> None:
    assert site_matches(expected, heard) is matches


@pytest.mark.parametrize(
    ("expected", "heard", "matches"),
    [
        ("left hip", "left thigh, left hip", True),
        ("left hip", "right hip", False),
        ("left hip", "both hips", False),
        ("left hip", "hip", False),
        ("both hips", "left hip, right hip", True),
        ("both hips", "left hip", False),
        ("left hip / leg", "left leg", True),
        ("left groin; right leg short", "left groin", True),
        ("left groin; right leg short", "right groin", False),
        ("left shoulder (both painful)", "left shoulder", True),
        ("right knee and right shoulder", "right shoulder", True),
        ("left elbow and hip", "left elbow, right hip", True),
        ("left hip, right knee", "left hip, left knee", False),
        ("left foot", "left leg", True),
        ("left hip", None, False),
        ("hip", "left hip", None),
        ("neck and back", "back", None),
    ],
)
def test_sides_are_compared_on_the_places_that_both_name(
    expected: str, heard: str | None, matches: bool | None
) -> None:
    assert side_matches(expected, heard) is matches
