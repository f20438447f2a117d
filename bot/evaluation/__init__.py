"""How good the triage is: labelled cases and utterances in, rates with intervals out."""
