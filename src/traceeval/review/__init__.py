"""People judge: a queue that loses nothing, verdicts that stay, disagreements that end."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
