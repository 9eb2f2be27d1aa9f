"""Applications whose traces the demo and the tests read."""
