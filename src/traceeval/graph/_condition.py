"""Conditions on a result in a small literal language, parsed and never evaluated as code.

``field == 'x'``, ``!= < <= > >=``, ``'x' in text``, ``field in ['a', 'b']``, ``and``, ``or``, ``not``. A bare name is a key
of the JSON result (dots go deeper); ``text`` is the whole result.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from traceeval.errors import ConfigError

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}


def check(expression: str, where: str) -> None:
    """Refuse a condition that is not of the language, when a file is read and not when a trace meets it.

    Raises:
        ConfigError: with the place.
    """
    try:
        _walk(_parse(expression))
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error


def holds_for(expression: str, arguments: Any) -> bool | None:
    """Whether a condition holds of a call's arguments; None when it names one the call does not have.

    Raises:
        ConfigError: when the expression is not of the language.
    """
    try:
        return bool(_value(_parse(expression), arguments, ""))
    except (KeyError, TypeError):
        return None


def holds(expression: str, text: str) -> bool | None:
    """Whether a condition holds of a result; None when it names a key the result does not have.

    Raises:
        ConfigError: when the expression is not of the language.
    """
    try:
        data = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, RecursionError):
        data = None
    try:
        return bool(_value(_parse(expression), data, text))
    except (KeyError, TypeError):
        return None


@lru_cache(maxsize=256)
def _parse(expression: str) -> ast.expr:
    try:
        return ast.parse(expression, mode="eval").body
    except SyntaxError as error:
        raise ConfigError(f"condition {expression!r}: {error.msg}; write e.g. status == 'failed'") from error


def _walk(node: ast.expr) -> None:
    """Every part of an expression has to be one that ``_value`` knows."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARE:
        parts = [node.left, node.comparators[0]]
    elif isinstance(node, ast.BoolOp):
        parts = node.values
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        parts = [node.operand]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        parts = []
    elif isinstance(node, ast.List | ast.Tuple):
        parts = node.elts
    elif isinstance(node, ast.Attribute):
        parts = [node.value]
    elif isinstance(node, ast.Constant | ast.Name):
        parts = []
    else:
        raise ConfigError(f"condition: {ast.unparse(node)!r} is not allowed; use ==, !=, <, >, in, and, or, not")
    for part in parts:
        _walk(part)


def _value(node: ast.expr, data: Any, text: str) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return text if node.id == "text" else data[node.id]
    if isinstance(node, ast.Attribute):
        return _value(node.value, data, text)[node.attr]
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(item, data, text) for item in node.elts]
    if isinstance(node, ast.BoolOp):
        values = (_value(item, data, text) for item in node.values)
        return all(values) if isinstance(node.op, ast.And) else any(values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return not _value(node.operand, data, text)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, data, text)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARE:
        return _COMPARE[type(node.ops[0])](_value(node.left, data, text), _value(node.comparators[0], data, text))
    raise ConfigError(f"condition: {ast.unparse(node)!r} is not allowed; use ==, !=, <, >, in, and, or, not")
