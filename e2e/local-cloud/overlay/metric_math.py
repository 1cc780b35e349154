"""The part of CloudWatch's metric math that alarms use: arithmetic, comparison, IF, FILL, MIN, MAX, SUM, AVG, ABS, PERIOD.

It judges one period at a time while the emulator runs. `metric-math/` evaluates whole series, and all of the language that
anything here uses; one table of cases (`test/metric-math/cases.ts`) holds both to what AWS documents.

An expression of that part is also a Python expression, so Python's own parser reads it; every node is on a list, and
what is not on it raises `Unsupported`. A missing datapoint is `None`. Beside another that is there it counts as 0; what
has no datapoint at all is missing. Each value knows whether it is of a series: a number has a value in every period.
"""

import ast
import math
import operator
import re
from typing import Callable, Mapping

Value = float | None

"""Where `metrics` has the length of the period in seconds, which is the same for all of them here."""
PERIOD = "PERIOD()"
"""Where it has the ids of those that are metrics and not results; all are when it has nothing there."""
METRICS = "METRICS()"


class Unsupported(ValueError):
    """A construct of metric math that is not evaluated here."""


_BINARY: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Pow: operator.pow,
}
_COMPARE: dict[type, Callable[[float, float], bool]] = {
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Eq: operator.eq, ast.NotEq: operator.ne,
}


def check(expression: str) -> None:
    """Raise `Unsupported` when `evaluate` could not compute the expression, whatever the metrics."""
    _value(_parse(expression), _AnyMetric())


def evaluate(expression: str, metrics: Mapping) -> Value:
    """The value of an expression for one period, from the value of each metric in that period."""
    return _value(_parse(expression), metrics)


class _AnyMetric(dict):
    def __missing__(self, _: str) -> float:
        return 1.0


_WORDS = {"&&": " and ", "||": " or ", "^": "**", "AND": " and ", "OR": " or "}
_WORD = re.compile(r"&&|\|\||\^|\bAND\b|\bOR\b")


def _parse(expression: str) -> ast.expr:
    try:
        return ast.parse(_WORD.sub(lambda word: _WORDS[word.group()], expression).strip(), mode="eval").body
    except SyntaxError as error:
        raise Unsupported(f"'{expression}' is not read here") from error


def _value(node: ast.expr, metrics: Mapping) -> Value:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.Name):
        return metrics[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        operand = _value(node.operand, metrics)
        return None if operand is None else -operand
    if isinstance(node, ast.BinOp):
        return _binary(node, metrics)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARE:
        return _together(lambda left, right: float(_COMPARE[type(node.ops[0])](left, right)), node.left, node.comparators[0], metrics)
    if isinstance(node, ast.BoolOp):
        return _logical(node, metrics)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _call(node.func.id, node.args, metrics)
    raise Unsupported(f"'{ast.unparse(node)}' is not evaluated here")


def _binary(node: ast.BinOp, metrics: Mapping) -> Value:
    if isinstance(node.op, ast.Div):
        return _together(lambda left, right: left / right if right else None, node.left, node.right, metrics)
    if type(node.op) not in _BINARY:
        raise Unsupported(f"'{ast.unparse(node)}' is not evaluated here")
    return _together(_BINARY[type(node.op)], node.left, node.right, metrics)


def _together(compute: Callable[[float, float], Value], left: ast.expr, right: ast.expr, metrics: Mapping) -> Value:
    """One of two series without a datapoint counts as 0; a number beside it does not make it one."""
    values = _value(left, metrics), _value(right, metrics)
    known = [value is not None for value, node in zip(values, (left, right)) if not _is_number(node)]
    if known and not any(known):
        return None
    return compute(values[0] or 0.0, values[1] or 0.0)


def _logical(node: ast.BoolOp, metrics: Mapping) -> Value:
    values = [_value(part, metrics) for part in node.values]
    if all(value is None for value in values):
        return None
    truths = [bool(value) for value in values]
    return float(all(truths) if isinstance(node.op, ast.And) else any(truths))


def _is_number(node: ast.expr) -> bool:
    """Whether it is the same in every period, from whatever metrics: numbers, and what is computed of them alone."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "PERIOD":
        return True
    return not isinstance(node, (ast.Name, ast.Call, ast.List)) and all(_is_number(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


def _call(name: str, arguments: list[ast.expr], metrics: Mapping) -> Value:
    if name == "FILL" and len(arguments) == 2:
        if isinstance(arguments[1], ast.Name) and arguments[1].id in ("REPEAT", "LINEAR"):
            raise Unsupported("FILL with REPEAT or LINEAR is not evaluated here")
        value = _value(arguments[0], metrics)
        return _value(arguments[1], metrics) if value is None else value
    if name == "IF" and len(arguments) in (2, 3):
        condition = _value(arguments[0], metrics)
        branches = [_value(argument, metrics) for argument in arguments[1:]]  # both, so that `check` sees both
        if condition is None:
            return None
        if condition:
            return branches[0] or 0.0  # a missing one counts as 0 where the condition is true, and there alone
        return branches[1] if len(branches) == 2 else None
    if name == "PERIOD" and len(arguments) == 1 and isinstance(arguments[0], ast.Name):
        return metrics[PERIOD]
    values = _elements(arguments, metrics)
    if name in _ONE and len(values) == 1:
        return None if values[0] is None else float(_ONE[name](values[0]))
    if name in _MANY:
        known = [value for value in values if value is not None]
        return _MANY[name](known, len(values)) if known else None
    raise Unsupported(f"{name} is not evaluated here")


_ONE: dict[str, Callable[[float], float]] = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}
"""Of the values that there are, and of how many there could be."""
_MANY: dict[str, Callable[[list[float], int], float]] = {
    "SUM": lambda known, _: sum(known), "MAX": lambda known, _: max(known), "MIN": lambda known, _: min(known),
    "AVG": lambda known, count: sum(known) / count,
}


def _elements(arguments: list[ast.expr], metrics: Mapping) -> list[Value]:
    """`SUM([m1, m2])` has one list as its argument, and `METRICS()` is all metrics."""
    if len(arguments) == 1 and isinstance(arguments[0], ast.List):
        return [_value(element, metrics) for element in arguments[0].elts]
    if len(arguments) == 1 and isinstance(arguments[0], ast.Call) and ast.unparse(arguments[0]) == METRICS:
        ids = metrics.get(METRICS) or [name for name in metrics if name not in (PERIOD, METRICS)]
        return [metrics[name] for name in ids] or [1.0]
    return [_value(argument, metrics) for argument in arguments]
