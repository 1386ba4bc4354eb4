"""Form-encoded parameters as Stripe reads them: nested by brackets, known by name, checked by kind."""

import re
from urllib.parse import parse_qsl

from velory.demo.stripe.errors import StripeError, missing_param

METADATA_KEYS, METADATA_KEY, METADATA_VALUE = 50, 40, 500


def parse(encoded: bytes | str) -> dict:
    """`a[b][0][c]=1` becomes {"a": {"b": [{"c": "1"}]}}. Raises StripeError where it is not readable."""
    try:
        text = encoded.decode() if isinstance(encoded, bytes) else encoded
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise StripeError("Invalid request: the body is not form-encoded.") from None
    nested: dict = {}
    for name, value in pairs:
        _put(nested, [name.partition("[")[0], *re.findall(r"\[([^\]]*)\]", name)], value, name)
    return _with_lists(nested)


def _put(into, path, value, name):
    for part in path[:-1]:
        into = into.setdefault(part or str(len(into)), {})
        if not isinstance(into, dict):
            raise StripeError(f"Invalid request: {name} is a value and a container.", param=name)
    into[path[-1] or str(len(into))] = value


def _with_lists(node):
    if not isinstance(node, dict):
        return node
    if node and all(key.isdigit() for key in node):
        return [_with_lists(node[key]) for key in sorted(node, key=int)]
    return {key: _with_lists(value) for key, value in node.items()}


def read(params: dict, takes: dict, prefix: str = "") -> dict:
    """The parameters, each in its kind. One that is not among `takes` is refused by name."""
    if not isinstance(params, dict):
        raise StripeError("Invalid object", param=prefix or None)
    found = {}
    for name, value in params.items():
        full = f"{prefix}[{name}]" if prefix else name
        if name not in takes:
            raise StripeError(f"Received unknown parameter: {full}", code="parameter_unknown", param=full)
        found[name] = _read_one(value, takes[name], full)
    return found


def _read_one(value, kind, name):
    return read(value, kind, name) if isinstance(kind, dict) else kind(value, name)


def needed(params: dict, *names: str):
    """The values of parameters that must be there, in their order; one value alone where one name is asked for."""
    for name in names:
        if params.get(name) in (None, ""):
            raise missing_param(name)
    values = [params[name] for name in names]
    return values[0] if len(values) == 1 else values


# Kinds of parameters


def text(value, name):
    """Words, at most 5,000 characters."""
    if not isinstance(value, str):
        raise StripeError("Invalid string", param=name)
    if len(value) > 5000 or "\x00" in value:
        raise StripeError("Invalid string: it is too long or holds a NUL.", param=name)
    return value


def at_most(length):
    """Words of a limited length."""

    def kind(value, name):
        if len(text(value, name)) > length:
            raise StripeError(f"Invalid string: {name} must be at most {length} characters.", param=name)
        return value

    return kind


def whole_number(value, name):
    """An integer."""
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,18}", value):
        raise StripeError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)
    return int(value)


def yes_or_no(value, name):
    """`true` or `false`."""
    if value not in {"true", "false"}:
        raise StripeError(f"Invalid boolean: {value}", param=name)
    return value == "true"


def one_of(*words):
    """One of some words."""

    def kind(value, name):
        if value not in words:
            raise StripeError(f"Invalid {name}: must be one of {', '.join(words)}", param=name)
        return value

    return kind


def each(kind):
    """A list of one kind."""

    def kinds(value, name):
        if not isinstance(value, list):
            raise StripeError("Invalid array", param=name)
        return [_read_one(one, kind, f"{name}[{number}]") for number, one in enumerate(value)]

    return kinds


def metadata(value, name):
    """The caller's own keys and words; an empty word removes its key."""
    if value == "":
        return {}
    if not isinstance(value, dict) or not all(isinstance(word, str) for word in value.values()):
        raise StripeError(f"Invalid {name}: it must be a set of key-value pairs.", param=name)
    if len(value) > METADATA_KEYS:
        raise StripeError(f"Metadata can have up to {METADATA_KEYS} keys.", param=name)
    for key, word in value.items():
        if len(key) > METADATA_KEY or len(word) > METADATA_VALUE:
            raise StripeError(
                f"Metadata keys can have {METADATA_KEY} characters and values {METADATA_VALUE}.",
                param=f"{name}[{key}]",
            )
    return dict(value)


def span(value, name):
    """A moment, or a span of moments: gt, gte, lt, lte."""
    if isinstance(value, dict):
        return read(value, dict.fromkeys(("gt", "gte", "lt", "lte"), whole_number), name)
    moment = whole_number(value, name)
    return {"gte": moment, "lte": moment}
