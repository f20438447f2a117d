"""Small ways of saying a thing."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from .state import State


def first_new(state: State, *responses: str) -> str:
    """The first of ``responses`` that was not the last so said; it counts as said now."""
    state.progress.said = next(response for response in responses if response != state.progress.said)
    return state.progress.said


def say_first_new(dispatcher: CollectingDispatcher, state: State, *responses: str) -> None:
    """Say the first of ``responses`` that was not the last so said: nobody reads the same twice running."""
    dispatcher.utter_message(response=first_new(state, *responses))


def say_with_care(dispatcher: CollectingDispatcher, state: State) -> None:
    """To words of despair: the number and the care, in other words each time."""
    say_first_new(dispatcher, state, "utter_distress", "utter_distress_again")


def offer_what_follows(dispatcher: CollectingDispatcher, state: State) -> None:
    """What can be done after a verdict, said with each verdict and so even twice running."""
    state.progress.said = "utter_after_verdict"
    dispatcher.utter_message(response=state.progress.said)
