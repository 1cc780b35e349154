"""Metric filters give data: each line that comes to a log group is judged by the patterns of its filters.

The emulator keeps filters and never asks them. Patterns are read as CloudWatch Logs documents them for texts (terms,
"phrases", ?optional and -excluded ones) and for JSON (`{ $.level = "ERROR" && $.duration_ms > 10 }`); regular expressions
and space-delimited patterns are refused where the filter is made, so that none is silently without data.

@see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import fnmatch
import json
import re
from typing import Any, Callable

from ministack.services import cloudwatch, cloudwatch_logs

from .patching import around, present

Matches = Callable[[str], bool]
TERM = re.compile(r'([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))')
TOKEN = re.compile(r'\s*(&&|\|\||[()]|>=|<=|!=|=|>|<|\$(?:\.\w+|\[\d+\]|\["[^"]+"\])+|"(?:[^"\\]|\\.)*"|[\w.*+-]+)')
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, ">": lambda a, b: a > b, "<": lambda a, b: a < b, ">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b,
}
MISSING = object()


class PatternRefused(ValueError):
    """A pattern that is not read here."""


def install() -> None:
    filters = present(cloudwatch_logs, "_metric_filters")
    compiled: dict[str, Matches] = {}

    @around(cloudwatch_logs, "_put_metric_filter", "data")
    def put(original, data):
        pattern = data.get("filterPattern", "")
        compiled[pattern] = matcher(pattern)
        return original(data)

    @around(cloudwatch_logs, "_append_log_events", "stream events")
    def append(original, stream, events):
        original(stream, events)
        groups = {group for group, _ in list(filters)}
        for group in groups:
            if not _has(group, stream):
                continue
            for metric_filter in [one for (name, _), one in list(filters.items()) if name == group]:
                _count(metric_filter, compiled[metric_filter["filterPattern"]], [event["message"] for event in events])


def matcher(pattern: str) -> Matches:
    """Whether a line matches."""
    text = pattern.strip()
    if text.startswith("{"):
        return _json_matcher(text)
    if text.startswith("[") or text.startswith("%"):
        raise PatternRefused(f"the pattern {pattern} of a metric filter is not read here")
    terms = [(sign, phrase or word) for sign, phrase, word in TERM.findall(text)]
    required = [term for sign, term in terms if sign == ""]
    optional = [term for sign, term in terms if sign == "?"]
    excluded = [term for sign, term in terms if sign == "-"]
    return lambda line: (all(term in line for term in required) and not any(term in line for term in excluded)
                         and (not optional or any(term in line for term in optional)))


def _json_matcher(text: str) -> Matches:
    if not text.endswith("}"):
        raise PatternRefused(f"the pattern {text} of a metric filter does not end")
    tokens = _tokens(text[1:-1])
    judge = _any_of(tokens)
    if tokens:
        raise PatternRefused(f"the pattern {text} of a metric filter is not read here beyond {' '.join(tokens)}")

    def matches(line: str) -> bool:
        try:
            document = json.loads(line)
        except ValueError:
            return False
        return judge(document)
    return matches


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if not found:
            raise PatternRefused(f"the pattern {{{text}}} of a metric filter is not read here from {text[at:]} on")
        tokens.append(found.group(1))
        at = found.end()
    return tokens


def _any_of(tokens: list[str]) -> Callable[[Any], bool]:
    parts = [_all_of(tokens)]
    while tokens and tokens[0] == "||":
        tokens.pop(0)
        parts.append(_all_of(tokens))
    return lambda document: any(part(document) for part in parts)


def _all_of(tokens: list[str]) -> Callable[[Any], bool]:
    parts = [_condition(tokens)]
    while tokens and tokens[0] == "&&":
        tokens.pop(0)
        parts.append(_condition(tokens))
    return lambda document: all(part(document) for part in parts)


def _condition(tokens: list[str]) -> Callable[[Any], bool]:
    try:
        first = tokens.pop(0)
        if first == "(":
            inside = _any_of(tokens)
            if tokens.pop(0) != ")":
                raise PatternRefused("a parenthesis of a metric filter's pattern does not end")
            return inside
        operator = tokens.pop(0)
        if operator in ("IS", "NOT"):
            return _state_of(first, operator, tokens.pop(0))
        return _comparison(first, operator, tokens.pop(0))
    except IndexError:
        raise PatternRefused("the pattern of a metric filter ends where something should follow") from None


def _state_of(selector: str, operator: str, state: str) -> Callable[[Any], bool]:
    states: dict[tuple[str, str], Callable[[Any], bool]] = {
        ("NOT", "EXISTS"): lambda value: value is MISSING, ("IS", "NULL"): lambda value: value is None,
        ("IS", "TRUE"): lambda value: value is True, ("IS", "FALSE"): lambda value: value is False,
    }
    if (operator, state) not in states:
        raise PatternRefused(f"{operator} {state} in a metric filter's pattern is not read here")
    return lambda document: states[operator, state](_select(document, selector))


def _comparison(selector: str, operator: str, expected: str) -> Callable[[Any], bool]:
    if not selector.startswith("$") or operator not in COMPARE:
        raise PatternRefused(f"{selector} {operator} {expected} in a metric filter's pattern is not read here")
    number = None if expected.startswith('"') else _number(expected)
    if number is not None:
        return lambda document: isinstance(value := _select(document, selector), (int, float)) and not isinstance(value, bool) and COMPARE[operator](value, number)
    text = json.loads(expected) if expected.startswith('"') else expected
    if operator not in ("=", "!="):
        raise PatternRefused(f"{operator} compares numbers in a metric filter's pattern, and {expected} is none")

    def matches(document: Any) -> bool:
        value = _select(document, selector)
        return isinstance(value, str) and fnmatch.fnmatchcase(value, text.replace("[", "[[]").replace("?", "[?]")) == (operator == "=")
    return matches


def _select(document: Any, selector: str) -> Any:
    for name, index, quoted in re.findall(r'\.(\w+)|\[(\d+)\]|\["([^"]+)"\]', selector):
        try:
            document = document[int(index)] if index else document[name or quoted]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return document


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _has(group: str, stream: dict) -> bool:
    """The newest streams are looked at first: each invocation has one."""
    streams = (cloudwatch_logs._log_groups.get(group) or {}).get("streams", {})
    return any(one is stream for one in reversed(list(streams.values())))


def _count(metric_filter: dict, matches: Matches, lines: list[str]) -> None:
    matching = [line for line in lines if matches(line)]
    for transformation in metric_filter["metricTransformations"]:
        values = [value for value in (_value(transformation["metricValue"], line) for line in matching) if value is not None]
        default = transformation.get("defaultValue")
        if not matching and default is not None:
            values = [float(default)]
        for value, line in zip(values, matching or [""]):
            dimensions = {name: _text(line, selector) for name, selector in (transformation.get("dimensions") or {}).items()}
            if MISSING in dimensions.values():
                continue  # a line without the field of a dimension is not counted
            cloudwatch.record_metric(transformation["metricNamespace"], transformation["metricName"], value, transformation.get("unit", "None"), dimensions)


def _value(value: str, line: str) -> float | None:
    if not str(value).startswith("$"):
        return float(value)
    found = _select(json.loads(line), value)
    return float(found) if isinstance(found, (int, float, str)) and _number(str(found)) is not None else None


def _text(line: str, selector: str) -> Any:
    try:
        found = _select(json.loads(line), selector)
    except ValueError:
        return MISSING
    return str(found) if isinstance(found, (str, int, float)) else MISSING
