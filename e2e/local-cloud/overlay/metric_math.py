"""The part of CloudWatch's metric math that alarms use: arithmetic, comparison, IF, FILL, MIN, MAX, SUM, AVG, ABS, PERIOD.

An expression of that part is also a Python expression, so Python's own parser reads it; every node is on a list, and
what is not on it raises `Unsupported`. A missing datapoint is `None` and, as in CloudWatch, makes missing what is
computed from it, unless FILL gives it a value.
"""

import ast
import operator
from typing import Callable, Mapping

Value = float | None

"""Where `metrics` has the length of the period in seconds, which is the same for all of them here."""
PERIOD = "PERIOD()"


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


def evaluate(expression: str, metrics: Mapping[str, Value]) -> Value:
    """The value of an expression for one period, from the value of each metric in that period."""
    return _value(_parse(expression), metrics)


class _AnyMetric(dict):
    def __missing__(self, _: str) -> float:
        return 1.0


def _parse(expression: str) -> ast.expr:
    try:
        python = expression.replace("&&", " and ").replace("||", " or ").replace("^", "**")
        return ast.parse(python.strip(), mode="eval").body
    except SyntaxError as error:
        raise Unsupported(f"'{expression}' is not read here") from error


def _value(node: ast.expr, metrics: Mapping[str, Value]) -> Value:
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
        left, right = _value(node.left, metrics), _value(node.comparators[0], metrics)
        return None if left is None or right is None else float(_COMPARE[type(node.ops[0])](left, right))
    if isinstance(node, ast.BoolOp):
        values = [_value(part, metrics) for part in node.values]
        if None in values:
            return None
        return float(all(values) if isinstance(node.op, ast.And) else any(values))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _call(node.func.id.upper(), node.args, metrics)
    raise Unsupported(f"'{ast.unparse(node)}' is not evaluated here")


def _binary(node: ast.BinOp, metrics: Mapping[str, Value]) -> Value:
    left, right = _value(node.left, metrics), _value(node.right, metrics)
    if isinstance(node.op, ast.Div):
        return None if left is None or not right else left / right  # CloudWatch has no datapoint where the divisor is 0
    if type(node.op) not in _BINARY:
        raise Unsupported(f"'{ast.unparse(node)}' is not evaluated here")
    return None if left is None or right is None else _BINARY[type(node.op)](left, right)


def _call(name: str, arguments: list[ast.expr], metrics: Mapping[str, Value]) -> Value:
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
        return branches[0] if condition else (branches[1] if len(branches) == 2 else None)
    if name == "PERIOD" and len(arguments) == 1 and isinstance(arguments[0], ast.Name):
        return metrics[PERIOD]
    values = [_value(argument, metrics) for argument in _elements(arguments)]
    known = [value for value in values if value is not None]
    if name == "ABS" and len(values) == 1:
        return None if values[0] is None else abs(values[0])
    if name in ("SUM", "MAX", "MIN", "AVG"):
        if not known:
            return None
        return {"SUM": sum, "MAX": max, "MIN": min, "AVG": lambda v: sum(v) / len(v)}[name](known)
    raise Unsupported(f"{name} is not evaluated here")


def _elements(arguments: list[ast.expr]) -> list[ast.expr]:
    """`SUM([m1, m2])` has one list as its argument."""
    if len(arguments) == 1 and isinstance(arguments[0], ast.List):
        return arguments[0].elts
    return arguments
