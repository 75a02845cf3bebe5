"""Frozen values: classes whose fields are declared once and never change.

`frozen` does what `dataclasses.dataclass(frozen=True)` does, for the part that this package uses, without compiling
code for every class. The standard decorator takes 0.7 to 1 ms a class, a tenth of a second for the whole package at
every start of a program; this one takes a fiftieth of that. Type checkers see ordinary dataclasses.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, dataclass_transform

Class = TypeVar("Class", bound=type)
Instance = TypeVar("Instance")
_REQUIRED = object()


class FrozenError(AttributeError):
    """A field of a frozen value was assigned or deleted."""


class _Field:
    """A default made anew for each value, or a field left out of the text of a value."""

    def __init__(self, default: Any, default_factory: Callable[[], Any] | None, repr: bool) -> None:  # noqa: A002
        self.default, self.default_factory, self.repr = default, default_factory, repr


def field(*, default: Any = _REQUIRED, default_factory: Callable[[], Any] | None = None, repr: bool = True) -> Any:  # noqa: A002
    """Declare a field with a default that is made by `default_factory`, or that `repr` leaves out."""
    return _Field(default, default_factory, repr)


@dataclass_transform(frozen_default=True, eq_default=True, field_specifiers=(field,))
def frozen(*, eq: bool = True, repr: bool = True) -> Callable[[Class], Class]:  # noqa: A002
    """Make the annotated names of a class its fields, in order; afterwards instances do not change.

    eq: compare and hash by the fields; otherwise by identity.  repr: write the fields; otherwise as the class says.

    >>> @frozen()
    ... class Point:
    ...     x: float
    ...     y: float = 0.0
    >>> Point(1.0), Point(1.0) == Point(1.0, 0.0)
    (Point(x=1.0, y=0.0), True)
    """

    def decorate(cls: Class) -> Class:
        fields: dict[str, _Field] = {}
        for base in reversed(cls.__mro__[1:]):
            fields.update(base.__dict__.get("__frozen_fields__", {}))
        for name, kind in inspect.get_annotations(cls).items():
            if not str(kind).startswith(("ClassVar", "typing.ClassVar")):
                fields[name] = _declared(cls, name)
        given: dict[str, Any] = {
            "__frozen_fields__": fields,
            "__match_args__": tuple(fields),
            "__signature__": _Signature(),
            "__init__": _initialise,
            "__setattr__": _refuse,
            "__delattr__": _refuse,
        }
        if repr:
            given["__repr__"] = _text
        if eq:
            given |= {"__eq__": _equal, "__hash__": _hash}
        for name, method in given.items():
            if name not in cls.__dict__ or (name == "__hash__" and cls.__dict__[name] is None):
                setattr(cls, name, method)
        return cls

    return decorate


def replace(value: Instance, **changes: Any) -> Instance:
    """The value with some fields changed.

    >>> @frozen()
    ... class Point:
    ...     x: float
    ...     y: float = 0.0
    >>> replace(Point(1.0), y=2.0)
    Point(x=1.0, y=2.0)
    """
    return type(value)(**{**{name: getattr(value, name) for name in _fields(value)}, **changes})


def _declared(cls: type, name: str) -> _Field:
    default = cls.__dict__.get(name, _REQUIRED)
    if not isinstance(default, _Field):
        return _Field(default, None, True)
    if default.default is _REQUIRED:
        delattr(cls, name)
    else:
        setattr(cls, name, default.default)
    return default


def _fields(value: Any) -> dict[str, _Field]:
    found: dict[str, _Field] = type(value).__frozen_fields__
    return found


def _initialise(self: Any, *values: Any, **named: Any) -> None:
    fields = _fields(self)
    if len(values) > len(fields):
        raise TypeError(f"{type(self).__name__} takes {len(fields)} values and was given {len(values)}")
    state = self.__dict__
    state.update(zip(fields, values, strict=False))
    for name, value in named.items():
        if name not in fields or name in state:
            problem = "was given twice" if name in fields else "is not a field"
            raise TypeError(f"{name!r} {problem} of {type(self).__name__}({', '.join(fields)})")
        state[name] = value
    if len(state) < len(fields):
        for name, declared in fields.items():
            if name not in state:
                state[name] = _default(self, name, declared)
    after = getattr(self, "__post_init__", None)
    if after is not None:
        after()


def _default(self: Any, name: str, declared: _Field) -> Any:
    if declared.default_factory is not None:
        return declared.default_factory()
    if declared.default is _REQUIRED:
        raise TypeError(f"{type(self).__name__} needs {name!r}: {type(self).__name__}({', '.join(_fields(self))})")
    return declared.default


def _refuse(self: Any, name: str, *value: Any) -> None:
    raise FrozenError(f"{name!r} of a {type(self).__name__} cannot be changed; make another value instead")


def _values(self: Any) -> Iterator[Any]:
    return (getattr(self, name) for name in _fields(self))


def _text(self: Any) -> str:
    parts = [f"{name}={getattr(self, name)!r}" for name, declared in _fields(self).items() if declared.repr]
    return f"{type(self).__qualname__.rpartition('.')[2]}({', '.join(parts)})"


def _equal(self: Any, other: object) -> bool:
    if self is other:
        return True
    same_class = other.__class__ is self.__class__
    return bool(tuple(_values(self)) == tuple(_values(other))) if same_class else NotImplemented


def _hash(self: Any) -> int:
    return hash((type(self), *_values(self)))


class _Signature:
    """The signature of the constructor, made when somebody looks."""

    def __get__(self, instance: Any, cls: Any) -> inspect.Signature:
        parameters = []
        for name, declared in cls.__frozen_fields__.items():
            optional = declared.default is not _REQUIRED or declared.default_factory is not None
            default = declared.default if declared.default is not _REQUIRED else ...
            kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
            parameters.append(inspect.Parameter(name, kind, default=default if optional else inspect.Parameter.empty))
        return inspect.Signature(parameters)
