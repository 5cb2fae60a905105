"""Mutants of the files that decide marks: finding, naming and making them."""

import ast
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from functools import _lru_cache_wrapper, cache
from pathlib import Path
from types import CodeType, FunctionType

from changes import Change, changes

ROOT = Path(__file__).parents[2]
PACKAGES = ("examrunner/criteria", "examrunner/scoring")
WORDS = "examrunner/criteria/sentences"


@dataclass(frozen=True)
class Mutant:
    """One change in one function.

    Attributes:
        file: From the project's root.
        function: Qualified name; a lambda's is ``<lambda>``.
        at: Number of the change in the function.
        first_line: Of the function, decorators included.
        lines: First and last line of what is shown.
        was: The code before.
        now: The code after.
    """

    file: str
    function: str
    at: int
    first_line: int
    lines: tuple[int, int]
    was: str
    now: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it in ``equivalent.yaml``."""
        return self.file, self.function, self.was, self.now

    def __str__(self) -> str:
        where = f"{self.file}:{self.lines[0]} {self.function}"
        return f"{where}\n    - {self.was}\n    + {self.now}"


def files() -> list[str]:
    """Every file that is mutated."""
    found = (path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
    named = (path.relative_to(ROOT).as_posix() for path in found)
    return sorted(name for name in named if not name.startswith(WORDS))


def mutants_of(file: str) -> Iterator[Mutant]:
    """All mutants of one file, in its order."""
    for name, function in _functions(_tree(file), ""):
        first = min(
            [function.lineno]
            + [each.lineno for each in getattr(function, "decorator_list", [])]
        )
        for at, change in enumerate(changes(function)):
            was = ast.unparse(change.shown)
            lines = (change.line, change.last_line)
            back = change.made()
            now = ast.unparse(_shown_after(change))
            back.made()
            if was != now:
                yield Mutant(file, name, at, first, lines, was, now)


def _shown_after(change: Change) -> ast.AST:
    if change.field in {"test", "body"} and isinstance(change.new, ast.UnaryOp):
        return change.new
    if change.field == "ifs":
        return next(each for each in change.new if isinstance(each, ast.UnaryOp))
    if isinstance(change.shown, ast.Break | ast.Continue):
        jumps = {ast.Break: ast.Continue, ast.Continue: ast.Break}
        return jumps[type(change.shown)]()
    if change.field == "cases":
        return ast.Pass()
    return change.shown


def make(mutant: Mutant) -> None:
    """Put the mutant into this process; there is no way back."""
    tree = _tree(mutant.file)
    node = next(
        node
        for name, node in _functions(tree, "")
        if name == mutant.function and _first_line(node) == mutant.first_line
    )
    list(changes(node))[mutant.at].made()
    ast.fix_missing_locations(tree)
    code = compile(tree, str(ROOT / mutant.file), "exec")
    place = (mutant.function, mutant.first_line)
    new = next(each for each in _codes(code) if _place(each) == place)
    for function in _living()[mutant.file, *place]:
        function.__code__ = new
    for each in _remembering():
        each.cache_clear()


def _tree(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text("utf-8"), file)


def _first_line(node: ast.AST) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _functions(node: ast.AST, above: str) -> Iterator[tuple[str, ast.AST]]:
    """Functions, methods and lambdas that live as long as their module."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield f"{above}{child.name}", child
        elif isinstance(child, ast.Lambda):
            yield f"{above}<lambda>", child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{above}{child.name}.")
        else:
            yield from _functions(child, above)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _place(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


@cache
def _living() -> dict[tuple[str, str, int], list[FunctionType]]:
    """Function objects of this process by file, name and first line."""
    found: dict[tuple[str, str, int], list[FunctionType]] = {}
    inside = {str(ROOT / name): name for name in files()}
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename in inside:
            file = inside[each.__code__.co_filename]
            found.setdefault((file, *_place(each.__code__)), []).append(each)
    return found


@cache
def _remembering() -> list[_lru_cache_wrapper]:
    """Everything in this process that remembers what a function answered."""
    return [each for each in gc.get_objects() if type(each) is _lru_cache_wrapper]


def learn_living_functions() -> None:
    """Look for the functions once, before processes are forked."""
    _living()
    _remembering()
    gc.freeze()  # a forked process need not touch, and so copy, what is there already
