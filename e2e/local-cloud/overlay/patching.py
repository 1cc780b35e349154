"""Changing the emulator from outside, so that a change of the emulator is an error and not a silence.

Every name that the overlay touches is looked up through this module. When a newer ministack has renamed it, or has
given it other parameters, the local cloud does not start and says which patch is the reason.
"""

import functools
import importlib.metadata
import inspect
from typing import Any, Callable

WRITTEN_FOR = "1.5.33"
VERSION = importlib.metadata.version("ministack")


class OverlayMismatch(RuntimeError):
    """The emulator is not the one that a patch was written for."""

    def __init__(self, problem: str):
        super().__init__(f"ministack {VERSION}: {problem}. The overlay was written for ministack {WRITTEN_FOR}; "
                         "check the patch against the new source and pin the version in requirements.txt.")


def expect(condition: object, problem: str) -> None:
    """Stop the start with `problem` unless `condition` holds."""
    if not condition:
        raise OverlayMismatch(problem)


def present(owner: Any, name: str) -> Any:
    """The attribute `name` of a module or class; an error when it is gone."""
    expect(hasattr(owner, name), f"{_label(owner)} has no '{name}' any more")
    return getattr(owner, name)


def replace(owner: Any, name: str, value: Any) -> Any:
    """Put `value` in the place of an attribute that must exist; returns what was there."""
    original = present(owner, name)
    setattr(owner, name, value)
    return original


def around(owner: Any, name: str, parameters: str, also: tuple = ()) -> Callable[[Callable], Callable]:
    """Decorator: put a function around `owner.name`. It receives the original first, then the call's arguments.

    `parameters` are the names the original must have (positional ones and keywords, in order). `also` are modules
    that imported the function by name and hold a reference of their own.
    """
    original = present(owner, name)
    actual = " ".join(inspect.signature(original).parameters)
    expect(actual == parameters, f"{_label(owner)}.{name} takes ({actual}), not ({parameters})")
    for module in also:
        expect(getattr(module, name, None) is original, f"{_label(module)} does not use {_label(owner)}.{name} any more")

    def decorate(patch: Callable) -> Callable:
        patched = functools.wraps(original)(functools.partial(patch, original))
        if inspect.isclass(owner):  # a partial is no method: it would not receive `self`
            patched = functools.wraps(original)(lambda self, *a, **k: patch(original, self, *a, **k))
        for module in (owner, *also):
            setattr(module, name, patched)
        return patch

    return decorate


def _label(owner: Any) -> str:
    return getattr(owner, "__qualname__", None) or getattr(owner, "__name__", None) or repr(owner)
