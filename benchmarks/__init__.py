"""Quality on labelled rows, and speed. Each prints one JSON object."""
