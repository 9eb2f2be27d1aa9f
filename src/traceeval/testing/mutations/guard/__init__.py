"""Operators that plant the defects of these rules, one file a rule, each with its clean twin."""
