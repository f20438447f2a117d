"""The letter: facts and verdict in plain words for the person, in medical terms for a physician."""
