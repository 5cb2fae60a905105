"""The text formats that calibrations come in, as plain values."""

import json
import re
from typing import Final
from xml.etree import ElementTree

from examrunner.criteria.block_yaml import read_yaml
from examrunner.criteria.flow_yaml import SyntaxProblem, Tree, scalar

DEEPEST_XML: Final = 20


def read_tree(content: bytes) -> Tree:
    """The values in a YAML, XML or JSON text; OpenCV's dialects included.

    Raises:
        SyntaxProblem: If it is none of these.
    """
    # A comment in another encoding must not cost the candidate the file.
    text = content.decode("utf-8-sig", errors="replace")
    if "\0" in text:
        raise SyntaxProblem("file.not_text", 1)
    start = text.lstrip()[:1]
    if start == "<":
        return _read_xml(text)
    if start == "{":
        return _read_json(text)
    return read_yaml(text)


def _read_json(text: str) -> Tree:
    # FileStorage writes .Nan and .Inf, and comments, into its JSON.
    text = re.sub(r"([\[,:\s]-?)\.(Nan|Inf)\b", _json_special, text)
    text = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    try:
        tree: Tree = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise SyntaxProblem("file.json", error.lineno) from None
    except RecursionError:
        raise SyntaxProblem("file.deep", 1) from None
    return tree


def _json_special(match: re.Match[str]) -> str:
    return match[1] + ("NaN" if match[2] == "Nan" else "Infinity")


def _once(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise SyntaxProblem("file.twice", 1, what=twice)
    return found


def _read_xml(text: str) -> Tree:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise SyntaxProblem("file.doctype", 1)
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise SyntaxProblem("file.xml", error.position[0]) from None
    return _xml_value(root, 0)


def _xml_value(element: ElementTree.Element, depth: int) -> Tree:
    if depth > DEEPEST_XML:
        raise SyntaxProblem("file.deep", 1)
    if len(element) and all(child.tag == "_" for child in element):
        return [_xml_value(child, depth + 1) for child in element]
    if len(element):
        return {child.tag: _xml_value(child, depth + 1) for child in element}
    text = (element.text or "").strip()
    if element.tag == "data":
        return [scalar(word) for word in text.split()]
    return scalar(text)
