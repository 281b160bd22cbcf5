"""The second look: somebody else approves a judgement, or sends it back, before Kalm learns from it."""
