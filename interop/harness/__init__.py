"""Meets other programs that speak OCPI: starts both sides, runs the steps, judges, writes the table."""
