"""The inbox: which messages can be learnt from, those that are alike together, the most instructive first."""
