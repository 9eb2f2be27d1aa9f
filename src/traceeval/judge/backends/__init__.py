"""The places that talk to models."""
