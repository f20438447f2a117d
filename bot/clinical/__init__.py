"""The medicine: knowledge as data, judgement as pure functions. Knows no Rasa, no spaCy, no database."""
