"""A shared drive over a JSON state: files have an id, a path, a text, and people they are shared with."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

from traceeval.replay.tools import ToolError


def build(state: dict[str, Any], clock: Any, rng: random.Random) -> Iterable[Callable[..., Any]]:
    """The tools over a drive: ``files`` by id, and the ``folders`` nobody may write to (``locked``)."""
    drive = Drive(state, clock)
    return (
        drive.list_files,
        drive.search_files,
        drive.read_file,
        drive.create_file,
        drive.write_file,
        drive.move_file,
        drive.trash_file,
        drive.restore_file,
        drive.share_file,
    )


class Drive:
    """Paths are unique among files that are not in the trash."""

    def __init__(self, state: dict[str, Any], clock: Any) -> None:
        self._files: dict[str, dict[str, Any]] = state["files"]
        self._locked: list[str] = state["locked"]
        self._clock = clock

    def list_files(self, pattern: str = "*", trashed: bool = False) -> list[dict[str, Any]]:
        """List files whose path fits a pattern such as `notes/*`, by path; with `trashed` those in the trash."""
        rows = [(file["path"], id) for id, file in self._files.items() if file["trashed"] is trashed]
        return [self._row(id) for path, id in sorted(rows) if fnmatchcase(path, pattern)]

    def search_files(self, words: str) -> list[dict[str, Any]]:
        """Files whose path or text holds all these words."""
        wanted = words.casefold().split()
        found = [
            id
            for id, file in self._files.items()
            if not file["trashed"] and all(word in f"{file['path']} {file['text']}".casefold() for word in wanted)
        ]
        return [self._row(id) for id in found]

    def read_file(self, path: str) -> dict[str, Any]:
        """Read a file."""
        id, file = self._at(path)
        return {**self._row(id), "text": file["text"]}

    def create_file(self, path: str, text: str) -> dict[str, Any]:
        """Create a file at a path that is free."""
        self._free(path)
        id = f"f-{len(self._files) + 1:02}"
        row = {"path": path, "text": text, "owner": "me", "changed": self._clock.today, "shared": [], "trashed": False}
        self._files[id] = row
        return self._row(id)

    def write_file(self, path: str, text: str) -> dict[str, Any]:
        """Replace the whole text of a file. There are no versions."""
        id, file = self._at(path, changing=True)
        file["text"], file["changed"] = text, self._clock.today
        return self._row(id)

    def move_file(self, path: str, to: str) -> dict[str, Any]:
        """Move or rename a file to a path that is free."""
        id, file = self._at(path, changing=True)
        self._free(to)
        file["path"] = to
        return self._row(id)

    def trash_file(self, path: str) -> dict[str, Any]:
        """Put a file into the trash; people it is shared with lose it."""
        id, file = self._at(path, changing=True)
        file["trashed"] = True
        return {"id": id, "path": path, "trashed": True}

    def restore_file(self, id: str) -> dict[str, Any]:
        """Get a file back from the trash, by its id."""
        if id not in self._files or not self._files[id]["trashed"]:
            raise ToolError(f"there is no {id} in the trash")
        self._free(self._files[id]["path"])
        self._files[id]["trashed"] = False
        return self._row(id)

    def share_file(self, path: str, email: str) -> dict[str, Any]:
        """Let somebody read a file. They are told by e-mail, so it cannot be unseen."""
        id, file = self._at(path, changing=True)
        if email not in file["shared"]:
            file["shared"].append(email)
        return self._row(id)

    def _row(self, id: str) -> dict[str, Any]:
        return {"id": id, **{key: value for key, value in self._files[id].items() if key not in ("text", "trashed")}}

    def _at(self, path: str, *, changing: bool = False) -> tuple[str, dict[str, Any]]:
        found = next(
            ((id, file) for id, file in self._files.items() if file["path"] == path and not file["trashed"]), None
        )
        if found is None:
            raise ToolError(f"there is no file {path}")
        if changing and any(fnmatchcase(path, folder) for folder in self._locked):
            raise ToolError(f"{path} is locked; nobody may change it")
        return found

    def _free(self, path: str) -> None:
        if any(file["path"] == path and not file["trashed"] for file in self._files.values()):
            raise ToolError(f"there is a file at {path} already")
        if any(fnmatchcase(path, folder) for folder in self._locked):
            raise ToolError(f"{path} lies in a locked folder")
