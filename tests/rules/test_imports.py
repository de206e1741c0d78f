"""Imports run one way, nothing is hidden in functions, and everything public says what it is."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import service_catalog

PACKAGE = Path(service_catalog.__file__).parent
NAME = PACKAGE.name

MAY_IMPORT = {
    NAME: set(),
    "domain": {"domain"},
    "documents": {"documents", "domain"},
    "store": {"store", "domain"},
    "verification": {"verification", "documents", "domain"},
    "actions": {"actions", "documents", "store", "domain", "files", NAME},
    "api": {"api", "actions", "documents", "domain", "http_cache", "logs", NAME},
    "console": {"console", "actions", "documents", "domain"},
    "config": {"domain"},
    "files": set(),
    "logs": set(),
    "http_cache": {"domain", "logs"},
    "turns": {"domain"},
    "app": {"api", "console", "actions", "store", "domain", "config", "http_cache", "turns", "logs"},
    "cli": {"cli", "app", "api", "actions", "verification", "domain", "config", "files", "logs", "turns"},
    "__main__": {"cli"},
}
"""Each room and those it may know; the package's own name stands for its first file, with the version."""

LIBRARIES = {
    "alembic": {"store"},
    "babel": {"console"},
    "click": {"cli"},
    "cryptography": {"documents"},
    "flask": {"api", "console", "app", "cli"},
    "flask_smorest": {"api"},
    "flask_swagger_ui": {"api"},
    "granian": {"cli"},
    "markupsafe": {"console"},
    "marshmallow": {"documents", "actions", "api", "console"},
    "orjson": {"documents"},
    "psycopg": {"config", "store"},
    "snowballstemmer": {"documents"},
    "sqlalchemy": {"store", "actions", "config"},
    "webargs": {"api"},
    "werkzeug": {"api", "console"},
    "xlsxwriter": {"documents"},
    "yaml": {"cli"},
}
"""Each library from outside and the rooms that may use it; ``domain`` uses none."""

DRAWERS = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}
"""Names that say nothing about what is inside."""


def module_name(path: Path) -> str:
    """Return the dotted name of a file of the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): ast.parse(path.read_bytes()) for path in sorted(PACKAGE.rglob("*.py"))}


def room_of(module: str) -> str:
    """Return the room of a module: the part after the package's name, or that name for its first file."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else NAME


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted name of everything that is imported, modules of this package to the full."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            full = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else str(node.module) for name in full)


def public_definitions(
    node: ast.Module | ast.ClassDef,
) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the public classes and functions of a module, and those inside its public classes."""
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not child.name.startswith("_"):
            yield child
            if isinstance(child, ast.ClassDef):
                yield from public_definitions(child)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_when_it_imports_from_the_package_knows_only_rooms_below_it(module: str):
    room = room_of(module)
    assert room in MAY_IMPORT, f"{room} is a new room: say in MAY_IMPORT whom it may know"
    known = {room_of(name) for name in imports(MODULES[module]) if name.split(".")[0] == NAME}
    assert known <= MAY_IMPORT[room], f"{module} imports from {sorted(known - MAY_IMPORT[room])}"


def test_the_rooms_when_put_in_order_form_no_circle():
    order = TopologicalSorter({room: known - {room} for room, known in MAY_IMPORT.items()}).static_order()
    assert set(order) >= set(MAY_IMPORT)  # a circle raises CycleError here


@pytest.mark.parametrize("module", MODULES)
def test_a_module_when_it_uses_a_library_is_in_a_room_that_may(module: str):
    outside = {name.split(".")[0] for name in imports(MODULES[module])} - {NAME} - sys.stdlib_module_names
    wrong = {name for name in outside if room_of(module) not in LIBRARIES.get(name, set())}
    assert not wrong, f"{module} uses {sorted(wrong)}"


def test_the_domain_when_it_imports_takes_the_standard_library_alone():
    used = {name for module, tree in MODULES.items() if room_of(module) == "domain" for name in imports(tree)}
    roots = {name.split(".")[0] for name in used if not name.startswith(f"{NAME}.domain")}
    assert roots <= sys.stdlib_module_names


def test_the_modules_when_followed_through_their_imports_form_no_circle():
    graph = {module: {name for name in imports(tree) if name in MODULES} for module, tree in MODULES.items()}
    assert set(TopologicalSorter(graph).static_order()) == set(MODULES)  # a circle raises CycleError here


@pytest.mark.parametrize("module", MODULES)
def test_a_module_when_it_imports_does_so_at_its_top(module: str):
    functions = [node for node in ast.walk(MODULES[module]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    hidden = [function.name for function in functions if any(imports(function))]
    assert not hidden, f"imports inside {hidden}"


@pytest.mark.parametrize("module", MODULES)
def test_a_public_name_when_defined_has_a_docstring(module: str):
    tree = MODULES[module]
    assert ast.get_docstring(tree), f"{module} does not say what it is for"
    silent = [definition.name for definition in public_definitions(tree) if not ast.get_docstring(definition)]
    assert not silent, f"without docstring in {module}: {silent}"


def test_a_module_when_named_is_named_after_what_it_holds():
    drawers = [module for module in MODULES if DRAWERS & set(module.split("."))]
    assert not drawers
