"""Attribute dialects to bodies: one file each, through one normaliser of attribute maps."""
