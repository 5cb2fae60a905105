"""Small mistakes that can be made in a function, one at a time, in its syntax tree."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

COMPARED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
COMPUTED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Div,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
JOINED = {ast.And: ast.Or, ast.Or: ast.And}
SWAPPED = {"lower": "upper", "lstrip": "rstrip", "find": "rfind", "split": "rsplit"}
SWAPPED |= {"removeprefix": "removesuffix", "partition": "rpartition"}
SWAPPED |= {"any": "all", "min": "max"}
SWAPPED |= {after: before for before, after in SWAPPED.items()}
SAID = (ast.Compare, ast.BoolOp, ast.Constant)


@dataclass(frozen=True)
class Change:
    """One field of one node put differently.

    Attributes:
        owner: Node whose field changes.
        field: Name of the field.
        new: What stands there instead.
        shown: Smallest part of the code that a reader understands the change by.
    """

    owner: ast.AST
    field: str
    new: Any
    shown: ast.AST

    @property
    def line(self) -> int:
        return self.shown.lineno

    @property
    def last_line(self) -> int:
        return self.shown.end_lineno

    def made(self) -> "Change":
        """Make the change; gives the change that takes it back."""
        back = Change(self.owner, self.field, getattr(self.owner, self.field), None)
        setattr(self.owner, self.field, self.new)
        return back


def changes(function: ast.AST) -> Iterator[Change]:
    """Every change of what a function does; its head is left alone."""
    body = function.body if isinstance(function.body, list) else [function.body]
    for at, statement in enumerate(body):
        if at == 0 and _is_docstring(statement):
            continue
        yield from _within(statement)


def _is_docstring(statement: ast.AST) -> bool:
    value = getattr(statement, "value", None)
    return isinstance(statement, ast.Expr) and isinstance(value, ast.Constant)


def _within(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.FunctionDef):
        yield from changes(node)
        return
    rule = RULES.get(type(node))
    if rule:
        yield from rule(node)
    yield from _negated(node)
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "format_spec"} or isinstance(node, ast.arguments):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST) and not _is_literal_text(node, each):
                yield from _within(each)


def _is_literal_text(node: ast.AST, child: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)


def _constant(node: ast.Constant) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield Change(node, "value", not node.value, node)
    elif isinstance(node.value, int | float):
        yield Change(node, "value", node.value + 1, node)
    elif isinstance(node.value, str):
        yield Change(node, "value", f"XX{node.value}XX", node)


def _compare(node: ast.Compare) -> Iterator[Change]:
    for at, each in enumerate(node.ops):
        yield Change(node, "ops", _with(node.ops, at, COMPARED[type(each)]()), node)


def _computed(node: ast.BinOp | ast.AugAssign) -> Iterator[Change]:
    yield Change(node, "op", COMPUTED[type(node.op)](), node)


def _joined(node: ast.BoolOp) -> Iterator[Change]:
    yield Change(node, "op", JOINED[type(node.op)](), node)


def _signed(node: ast.UnaryOp) -> Iterator[Change]:
    if isinstance(node.op, ast.Not):
        # "not x" becomes "not not x": what is left then is "x".
        yield Change(node, "operand", ast.UnaryOp(ast.Not(), node.operand), node)
    elif isinstance(node.op, ast.USub | ast.Invert):
        yield Change(node, "op", ast.UAdd(), node)


def _called(node: ast.Call) -> Iterator[Change]:
    many = len(node.args) + len(node.keywords) > 1
    for at, each in enumerate(node.args):
        if isinstance(each, ast.Starred):
            continue
        if not _is_none(each):
            yield Change(node, "args", _with(node.args, at, ast.Constant(None)), node)
        if many:
            yield Change(node, "args", _without(node.args, at), node)
    for at, each in enumerate(node.keywords):
        if each.arg is None:
            continue
        if not _is_none(each.value):
            nothing = ast.keyword(each.arg, ast.Constant(None))
            yield Change(node, "keywords", _with(node.keywords, at, nothing), node)
        if many:
            yield Change(node, "keywords", _without(node.keywords, at), node)
    if isinstance(node.func, ast.Name) and node.func.id in SWAPPED:
        yield Change(node, "func", ast.Name(SWAPPED[node.func.id], ast.Load()), node)
    if isinstance(node.func, ast.Attribute) and node.func.attr in SWAPPED:
        other = copy.copy(node.func)
        other.attr = SWAPPED[node.func.attr]
        yield Change(node, "func", other, node)


def _assigned(node: ast.Assign | ast.AnnAssign) -> Iterator[Change]:
    if node.value is not None:
        nothing = "" if _is_none(node.value) else None
        yield Change(node, "value", ast.Constant(nothing), node)


def _lambda(node: ast.Lambda) -> Iterator[Change]:
    yield Change(node, "body", ast.Constant(None), node)


def _match(node: ast.Match) -> Iterator[Change]:
    for at, each in enumerate(node.cases):
        if len(node.cases) > 1:
            yield Change(node, "cases", _without(node.cases, at), each.pattern)


def _negated(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        if not isinstance(node.test, (*SAID, ast.UnaryOp)):
            yield Change(node, "test", ast.UnaryOp(ast.Not(), node.test), node.test)
    elif isinstance(node, ast.comprehension):
        for at, each in enumerate(node.ifs):
            if not isinstance(each, (*SAID, ast.UnaryOp)):
                other = ast.UnaryOp(ast.Not(), each)
                yield Change(node, "ifs", _with(node.ifs, at, other), each)


def _jumps(node: ast.AST) -> Iterator[Change]:
    """The statement lists in which a jump stands."""
    for name in ("body", "orelse"):
        block = getattr(node, name, [])
        for at, each in enumerate(block):
            if isinstance(each, ast.Break):
                yield Change(node, name, _with(block, at, ast.Continue()), each)
            elif isinstance(each, ast.Continue):
                yield Change(node, name, _with(block, at, ast.Break()), each)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _with(items: list, at: int, new: Any) -> list:
    return [*items[:at], new, *items[at + 1 :]]


def _without(items: list, at: int) -> list:
    return [*items[:at], *items[at + 1 :]]


RULES = {
    ast.Constant: _constant,
    ast.Compare: _compare,
    ast.BinOp: _computed,
    ast.AugAssign: _computed,
    ast.BoolOp: _joined,
    ast.UnaryOp: _signed,
    ast.Call: _called,
    ast.Assign: _assigned,
    ast.AnnAssign: _assigned,
    ast.Lambda: _lambda,
    ast.Match: _match,
    ast.If: _jumps,
    ast.For: _jumps,
    ast.While: _jumps,
}
