"""What a connector can say when it fails, read off its code: the sentence, the word a coverage row keeps, the mend.

The code is read, not run. A sentence's changing parts stand as `…`; what a function calls `what` is looked up in it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from chapterwatch import errors

_ROOM = Path(__file__).resolve().parent.parent / "connectors"
_MENDS = Path(__file__).parent / "mends.yml"
#: What every live road goes through; its sentences stand once, on the overview.
_COMMON = frozenset({"base", "chats", "exportfiles", "http", "website"})
#: Shared by platforms that have nothing else in common, so what it leans on says nothing of one of them.
_LEAVES = frozenset({"tokens"})
#: Sentences of these tell the mend themselves.
_SELF_EXPLAINING = ("UserError", "ExportRefused")
_WORDS = {
    "account.key": "ACCOUNT",
    "account.native_id": "NATIVE_ID",
    "answer.subject": "ACCOUNT",
    "answer.status": "STATUS",
    "connection.id": "CONNECTION",
    "self.subject": "ACCOUNT",
    "subject": "ACCOUNT",
}


@dataclass(frozen=True, order=True)
class Fault:
    """One sentence and the type it is raised as."""

    kind: str
    says: str

    @property
    def reason(self) -> str:
        """The stable word of a coverage row; empty for what stops a command instead."""
        return str(getattr(getattr(errors, self.kind), "reason", ""))


def common() -> str:
    """What every platform may answer."""
    return _as_text("common", faults_of([_ROOM / "base.py", _ROOM / "http.py"]))


def exports() -> str:
    """What every importer of files may say."""
    return _as_text("common", faults_of([_ROOM / "exportfiles.py", _ROOM / "chats.py"]))


def block(platform: str) -> str:
    """What one platform's road may say, without what all may."""
    found = faults_of(sorted(_modules(platform)))
    # The platforms share the module that asks about tokens.
    return _as_text(platform, [fault for fault in found if platform == "linkedin" or "LinkedIn" not in fault.says])


def faults_of(paths: Iterable[Path]) -> list[Fault]:
    """The sentences in some modules, each once."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    kinds = _kinds(trees)
    return sorted({fault for tree in trees for fault in _raised(tree, kinds)})


def _as_text(platform: str, found: list[Fault]) -> str:
    parts = []
    for reason in [name for name in _mends()["reasons"] if any(fault.reason == name for fault in found)]:
        parts.append(f"**`{reason}`** {_mends()['reasons'][reason]}")
        parts.append("\n".join(f"- `{fault.says}`{_own(platform, fault)}" for fault in found if fault.reason == reason))
    said = [fault.says for fault in found if fault.kind in _SELF_EXPLAINING]
    if said:
        parts.append("**A mistake to mend** stops the command with one line, which says what to do:")
        parts.append("\n".join(f"- `{one}`" for one in said))
    return "\n\n".join(parts)


def _own(platform: str, fault: Fault) -> str:
    """The platform's own advice on a sentence, where there is one."""
    for said in _mends()["platforms"].get(platform, []):
        if said["says"] in fault.says:
            return f": {said['mend']}"
    return ""


@cache
def _mends() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_MENDS.read_text(encoding="utf-8"))
    return found


# --- reading the code -----------------------------------------------------------------------------------------------


def _modules(platform: str) -> set[Path]:
    """A platform's own modules and those of the room that they lean on, through each other too."""
    seen: set[Path] = set()
    waiting = list((_ROOM / platform).glob("*.py"))
    while waiting:
        path = waiting.pop()
        if path not in seen and path.is_file():
            seen.add(path)
            if path.stem in _LEAVES:
                continue
            waiting += [_path_of(name) for name in _imported(path) if name.partition(".")[0] not in _COMMON]
    return seen


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "connectors":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("connectors."):
            name = node.module.removeprefix("connectors.")
            yield name
            yield from (f"{name}.{alias.name}" for alias in node.names)


def _path_of(module: str) -> Path:
    return _ROOM / f"{module.replace('.', '/')}.py"


def _kinds(trees: Iterable[ast.Module]) -> Mapping[str, str]:
    """The name of each error class, a module's own ones too -> the type of `chapterwatch.errors` it is."""
    known = {name: name for name in vars(errors) if name[:1].isupper() and name != "ConnectorError"}
    for tree in trees:
        for node in tree.body:
            bases = [base.id for base in getattr(node, "bases", []) if isinstance(base, ast.Name)]
            if isinstance(node, ast.ClassDef) and bases and bases[0] in known:
                known[node.name] = known[bases[0]]
    return known


def _raised(tree: ast.Module, kinds: Mapping[str, str]) -> Iterator[Fault]:
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = _assigned(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds and node.args:
                says = _sentence(node.args[0], names)
                if says.strip("… :"):
                    yield Fault(kinds[node.func.id], says)


def _assigned(function: ast.FunctionDef) -> dict[str, ast.expr]:
    return {
        node.targets[0].id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def _sentence(node: ast.expr, names: Mapping[str, ast.expr]) -> str:
    says = "".join(_pieces(node, names))
    return re.sub(r"…(\s*…)+", "…", says).strip()


def _pieces(node: ast.expr, names: Mapping[str, ast.expr]) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _pieces(part.value if isinstance(part, ast.FormattedValue) else part, names)
    elif isinstance(node, ast.Name) and isinstance(names.get(node.id), ast.Constant | ast.JoinedStr):
        yield from _pieces(names[node.id], {})
    else:
        yield _WORDS.get(ast.unparse(node), "…")
