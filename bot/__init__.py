"""HO Triage: a Rasa assistant that asks about heterotopic ossification and says how soon to be seen."""
