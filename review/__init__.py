"""The review screens: the support team reads what visitors asked, corrects it, and teaches Kalm."""
