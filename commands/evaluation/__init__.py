"""Measuring Kalm: labelled data, the real pipeline in this process, tables and a report."""
