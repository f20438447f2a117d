"""Small ways of saying a thing."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from .state import State


def say_first_new(dispatcher: CollectingDispatcher, state: State, *responses: str) -> None:
    """Say the first of ``responses`` that was not the last so said: nobody reads the same twice running."""
    chosen = next(response for response in responses if response != state.progress.said)
    state.progress.said = chosen
    dispatcher.utter_message(response=chosen)
