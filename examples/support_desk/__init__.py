"""A small support desk whose traces the demo reads."""
