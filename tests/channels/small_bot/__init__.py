"""A bot just large enough to try the doors: keyword intents, and actions that misbehave on purpose."""
