"""The layers of the project, kept by reading its source: who may import whom, what stands where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[1]
PACKAGES = ("knowledge", "bot", "connectors")
MODULES = sorted(path.relative_to(PROJECT).as_posix()
                 for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))
LONGEST_FUNCTION, LONGEST_MODULE = 40, 300

PURE = ("catalog", "conditions", "engine", "model", "paths", "text")
"""Modules of ``knowledge`` that neither read files nor know the time of day."""

SHARED_BY_CONNECTORS = (
    "connectors.guard", "connectors.intake", "connectors.line", "connectors.signed_in",
    "connectors.staff_page")
"""The modules that connectors share."""

ACTING = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "connect", "socket",
          "create_engine", "urlopen", "read_yaml", "load", "safe_load", "full_load", "mkdir",
          "Popen", "run", "unlink", "sqlite3"}
"""Names of calls that touch files, sockets, databases or processes."""


def tree(module: str) -> ast.Module:
    return ast.parse((PROJECT / module).read_text(encoding="utf-8"), filename=module)


def imports(module: str) -> set[str]:
    """Return the dotted names of all modules that a file imports, wherever in it."""
    package = module.removesuffix(".py").removesuffix("/__init__").split("/")
    if not module.endswith("__init__.py"):
        package = package[:-1]
    found: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *filter(None, [node.module])])
            found |= {source, *(f"{source}.{alias.name}" for alias in node.names)}
    return found


def uses(module: str, *names: str) -> set[str]:
    """Return what a file imports of the named packages or modules."""
    return {found for found in imports(module)
            if any(found == name or found.startswith(f"{name}.") for name in names)}


def below(folder: str) -> list[str]:
    return [module for module in MODULES if module.startswith(f"{folder}/")]


def test_there_is_something_to_look_at() -> None:
    assert all(below(package) for package in PACKAGES)


@pytest.mark.parametrize("module", below("knowledge"))
def test_knowledge_knows_nothing_of_rasa_the_bot_or_the_web(module: str) -> None:
    assert uses(module, "rasa", "rasa_sdk", "sanic", "bot", "connectors") == set()


@pytest.mark.parametrize("module", [f"knowledge/{name}.py" for name in PURE])
def test_the_engine_does_no_input_or_output_and_reads_no_clock(module: str) -> None:
    assert uses(module, "os", "io", "pathlib", "socket", "sqlite3", "time", "datetime", "random",
                "requests", "urllib", "subprocess", "yaml") == set()
    assert not acting_calls(tree(module))
    text = (PROJECT / module).read_text(encoding="utf-8")
    assert "from knowledge.store import" not in text or "load" not in store_imports(module)


def store_imports(module: str) -> set[str]:
    return {name.removeprefix("knowledge.store.") for name in uses(module, "knowledge.store")}


@pytest.mark.parametrize("module", below("bot/actions"))
def test_actions_need_the_sdk_only(module: str) -> None:
    assert uses(module, "rasa") == set()


@pytest.mark.parametrize("module", below("bot/actions"))
def test_actions_reach_guide_facts_only_through_public_names(module: str) -> None:
    assert not re.search(r"\byaml\b|guides/|\.yml", (PROJECT / module).read_text(encoding="utf-8"))
    assert private_names(uses(module, "knowledge")) == set()


@pytest.mark.parametrize("module", MODULES)
def test_nobody_uses_what_another_package_keeps_to_itself(module: str) -> None:
    own = module.split("/")[0]
    taken = {name for package in PACKAGES if package != own for name in uses(module, package)}
    assert private_names(taken) == set()


def private_names(names: set[str]) -> set[str]:
    return {name for name in names if name.rsplit(".", 1)[-1].startswith("_")}


@pytest.mark.parametrize("module", below("connectors"))
def test_connectors_know_neither_one_another_nor_the_guides(module: str) -> None:
    assert uses(module, "knowledge") == set()
    own = ".".join(module.removesuffix(".py").split("/")[:2])
    allowed = tuple(f"{name}." for name in (own, *SHARED_BY_CONNECTORS))
    others = {name for name in uses(module, "connectors")
              if not f"{name}.".startswith(allowed) and name != "connectors"}
    assert others == set()


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_opened_at_import(module: str) -> None:
    assert acting_calls(tree(module), at_import=True) == set()


def acting_calls(module: ast.Module, at_import: bool = False) -> set[str]:
    """Return calls by name that touch the world outside; only those run on import, if asked."""
    nodes = run_at_import(module) if at_import else ast.walk(module)
    names = {called(node) for node in nodes if isinstance(node, ast.Call)}
    return names & ACTING


def called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs when a module is imported: everything outside function bodies."""
    if isinstance(node, ast.Lambda) or is_main_guard(node):
        return
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        for decorator in node.decorator_list:
            yield from run_at_import(decorator)
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from run_at_import(child)


def is_main_guard(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_small(module: str) -> None:
    lines = (PROJECT / module).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_MODULE


@pytest.mark.parametrize("module", MODULES)
def test_a_function_is_small(module: str) -> None:
    functions = (node for node in ast.walk(tree(module))
                 if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    lengths = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions}
    assert {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_what_it_is_for_and_lists_its_names_in_order(module: str) -> None:
    source = tree(module)
    if source.body:
        assert ast.get_docstring(source)
    names = public_names(source)
    assert names is None or names in (sorted(names), sorted(names, key=constants_first))
    defined = {getattr(node, "id", getattr(node, "name", "")) for node in ast.walk(source)}
    imported = {alias.asname or alias.name for node in ast.walk(source)
                if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names}
    assert set(names or ()) <= defined | imported


def constants_first(name: str) -> tuple[bool, bool, str]:
    """Sort constants, then classes, then functions, as the linter does."""
    return (not name.isupper(), not name[0].isupper(), name)


def public_names(source: ast.Module) -> list[str] | None:
    """Return ``__all__`` of a module, or None where it defines none."""
    for node in source.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return None


WORDING = ("domain.yml", "bot/data/wording.yml")
FIGURES = re.compile(
    r"\d+\s*(?:个|天|日|月|年|元|份|岁|周|小时|分钟|%|％|工作日)|[一二两三四五六七八九十]+个?(?:工作日|年内|个月)")
NUMBERS = re.compile(r"(?<![\d{])(?:0\d{2,3}[-—])?\d{5,}(?!\d)")
ADDRESSES = re.compile(r"[一-鿿]{2,}(?:路|街|大道|镇)\S{0,6}\d*号|[一-鿿]+楼|\d+号窗口")


@pytest.mark.parametrize("file", WORDING)
@pytest.mark.parametrize("pattern", [FIGURES, NUMBERS, ADDRESSES],
                         ids=["figures", "telephone numbers", "addresses"])
def test_no_service_fact_stands_in_the_wording(file: str, pattern: re.Pattern[str]) -> None:
    text = (PROJECT / file).read_text(encoding="utf-8")
    without_comments = re.sub(r"(?m)^\s*#.*$", "", text)
    assert pattern.findall(without_comments) == []


def test_every_fact_slot_is_one_dictionary() -> None:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    assert set(domain["slots"]) >= {"answer", "facts"}
    assert domain["forms"]["eligibility_form"]["required_slots"] == ["answer"]
    assert len(domain["slots"]) <= 5


@pytest.mark.parametrize("module", MODULES)
def test_no_path_of_a_machine_and_no_registry_stands_in_the_source(module: str) -> None:
    text = (PROJECT / module).read_text(encoding="utf-8")
    assert re.findall(r"[\"'](?:/work|/root|/home|/tmp)/|pypi\.|index-url", text) == []
