"""The doors: every way a message can come in, and what every door does alike."""
