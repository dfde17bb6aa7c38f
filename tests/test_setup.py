"""Set-up: what a newcomer's machine sees before the assistant has started once."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
REAL_PYTHON = Path(sys.executable).resolve()
TOOLS = ("bash", "sh", "ls", "sort", "cat", "sha256sum", "head", "dirname", "flock", "awk", "id")
BROKEN_SHIM = "echo 'pyenv: python3.10: command not found' >&2; exit 127"


def run(
    *command: str | Path, env: Mapping[str, str] = os.environ, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run ``command`` as from a shell, even where `make test` runs the tests."""
    outside_make = {name: value for name, value in env.items() if not name.startswith("MAKE")}
    return subprocess.run(
        [str(part) for part in command],
        check=False,
        env=outside_make,
        cwd=cwd,
        text=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def python_310(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(REAL_PYTHON)
    return path


class Machine:
    """A machine with the usual tools and no Python, nor anything else, of its own."""

    def __init__(self, folder: Path) -> None:
        self.home, self.bin = folder / "home", folder / "bin"
        self.pyenv = self.home / ".pyenv" / "versions"
        self.pyenv.mkdir(parents=True)
        self.bin.mkdir()
        self.env = {"HOME": str(self.home), "PATH": str(self.bin)}
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or tool)

    def find_python(self) -> subprocess.CompletedProcess[str]:
        return run(ROOT / "scripts" / "find-python.sh", env=self.env)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clean copy of the project, without what set-up and runs leave behind."""
    kept_out = (".venv*", ".git", "var", "models", ".rasa", "__pycache__", "*.egg-info", ".*_cache")
    target = tmp_path / "clone"
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*kept_out))
    return target


def assert_one_clear_line(result: subprocess.CompletedProcess[str], *words: str) -> None:
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1, result.stderr
    assert not [word for word in words if word not in result.stderr], result.stderr


class TestFindingPython:
    def test_pyenv_serves_although_its_shim_on_the_path_is_broken(self, machine: Machine) -> None:
        script(machine.bin / "python3.10", BROKEN_SHIM)
        expected = python_310(machine.pyenv / "3.10.13" / "bin" / "python")
        assert machine.find_python().stdout.strip() == str(expected)

    def test_pyenv_may_live_elsewhere_and_its_newest_310_is_taken(self, machine: Machine) -> None:
        root = machine.home / "opt"
        machine.env["PYENV_ROOT"] = str(root)
        for version in ("3.10.9", "3.10.13", "3.9.18"):
            python_310(root / "versions" / version / "bin" / "python")
        assert machine.find_python().stdout.strip().endswith("/3.10.13/bin/python")

    def test_a_working_one_further_down_the_path_is_found(self, machine: Machine) -> None:
        script(machine.bin / "python3.10", BROKEN_SHIM)
        expected = python_310(machine.home / "system" / "python3.10")
        machine.env["PATH"] += f":{expected.parent}"
        assert machine.find_python().stdout.strip() == str(expected)

    def test_uv_is_asked_outside_the_project_where_pyenv_would_hide_it(
        self, machine: Machine
    ) -> None:
        expected = python_310(machine.home / "managed" / "python3.10")
        script(machine.bin / "uv", f"[ ! -e .python-version ] && echo {expected}")
        assert machine.find_python().stdout.strip() == str(expected)

    def test_the_one_that_the_user_names_wins(self, machine: Machine) -> None:
        python_310(machine.pyenv / "3.10.13" / "bin" / "python")
        machine.env["PYTHON"] = str(python_310(machine.home / "mine"))
        assert machine.find_python().stdout.strip() == machine.env["PYTHON"]

    def test_a_wrong_one_that_the_user_names_is_refused_by_name(self, machine: Machine) -> None:
        python_310(machine.pyenv / "3.10.13" / "bin" / "python")
        machine.env["PYTHON"] = str(script(machine.home / "python3.12", "exit 1"))
        assert_one_clear_line(machine.find_python(), "需要 Python 3.10", machine.env["PYTHON"])

    def test_where_there_is_none_one_line_says_how_to_get_one(self, machine: Machine) -> None:
        script(machine.bin / "python3.10", BROKEN_SHIM)
        result = machine.find_python()
        assert_one_clear_line(result, "需要 Python 3.10", "pyenv install 3.10", "PYTHON=")
        assert result.stdout == ""


class TestSetup:
    def test_without_python_nothing_is_left_behind(self, machine: Machine, clone: Path) -> None:
        result = run(clone / "scripts" / "setup.sh", env=machine.env)
        assert_one_clear_line(result, "需要 Python 3.10")
        assert not (clone / ".venv").exists()

    def test_a_full_disk_is_named_before_anything_is_installed(
        self, machine: Machine, clone: Path
    ) -> None:
        machine.env["PYTHON"] = str(REAL_PYTHON)
        script(machine.bin / "df", "echo header; echo /dev/sda 9999 9099 900 91% /")
        result = run(clone / "scripts" / "setup.sh", env=machine.env)
        assert_one_clear_line(result, "磁盘空间不足", "900 MB", "make setup")
        assert not (clone / ".venv").exists()

    @pytest.mark.full
    def test_a_clean_clone_gets_the_command_and_a_second_time_costs_nothing(
        self, clone: Path
    ) -> None:
        env = {**os.environ, "VIRTUAL_ENV": "/nonexistent", "PYTHONPATH": "/nonexistent"}
        first = run("make", "setup", env=env, cwd=clone)
        assert first.returncode == 0, first.stdout + first.stderr
        assert run(clone / ".venv" / "bin" / "yibao", "--help", cwd=clone.parent).returncode == 0
        started = time.monotonic()
        second = run("make", "setup", env=env, cwd=clone)
        assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
        assert time.monotonic() - started < 1


class TestSystemPackages:
    SCRIPT = ROOT / "scripts" / "install-system-packages.sh"
    PROGRAMS = ("chromium", "fc-list", "redis-server", "nginx", "initdb")

    def install(self, machine: Machine) -> subprocess.CompletedProcess[str]:
        return run(self.SCRIPT, env=machine.env)

    def as_user(self, machine: Machine, number: int) -> None:
        (machine.bin / "id").unlink()
        script(machine.bin / "id", f"echo {number}")

    def test_who_may_not_install_is_told_exactly_what_is_missing(self, machine: Machine) -> None:
        self.as_user(machine, 1000)
        assert_one_clear_line(
            self.install(machine), "apt-get install", "chromium", "fonts-wqy-zenhei", "redis-server"
        )

    def test_nothing_happens_where_everything_is_there(self, machine: Machine) -> None:
        for program in self.PROGRAMS:
            script(machine.bin / program, "echo NotoSansCJK")
        result = self.install(machine)
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")

    @pytest.mark.parametrize("succeeds", [True, False])
    def test_servers_that_come_with_packages_are_not_started(
        self, machine: Machine, succeeds: bool
    ) -> None:
        """Debian asks policy-rc.d; here it, and apt-get, are the test's own."""
        policy, answer = machine.home / "policy-rc.d", machine.home / "answer"
        for tool in ("chmod", "rm"):
            (machine.bin / tool).symlink_to(shutil.which(tool) or tool)
        self.as_user(machine, 0)
        made = "; ".join(f"echo 'echo font' >{machine.bin}/{name}; chmod +x {machine.bin}/{name}"
                         for name in self.PROGRAMS)
        script(machine.bin / "apt-get",
               f'{policy} redis-server start; echo $? >{answer}; {made if succeeds else "exit 1"}')
        text = self.SCRIPT.read_text(encoding="utf-8")
        copy = machine.home / "install.sh"
        copy.write_text(text.replace("/usr/sbin/policy-rc.d", str(policy)), encoding="utf-8")
        result = run("bash", copy, env=machine.env)
        assert result.returncode == (0 if succeeds else 1), result.stderr
        assert answer.read_text() == "101\n"
        assert not policy.exists()


@pytest.mark.parametrize("name", ["requirements", "requirements-contract"])
class TestLock:
    def text(self, name: str) -> str:
        return (ROOT / f"{name}.lock").read_text(encoding="utf-8")

    def entries(self, name: str) -> list[str]:
        return re.split(r"^(?=[a-z0-9])", self.text(name), flags=re.M)[1:]

    def test_every_package_has_one_version_and_its_hashes(self, name: str) -> None:
        shape = re.compile(r"[a-z0-9.\[\],-]+==\S+( ; .+)? \\\n    --hash=sha256:[0-9a-f]{64}")
        assert [entry for entry in self.entries(name) if not shape.match(entry)] == []
        assert len(self.entries(name)) > 20

    def test_it_names_no_address_and_no_place_on_a_machine(self, name: str) -> None:
        found = re.findall(r".*(?:://|file:|--index|--extra|--find| /\w).*", self.text(name))
        assert found == []

    def test_everything_that_the_project_asks_for_is_in_it(self, name: str) -> None:
        asked = re.findall(r"^[\w.-]+", (ROOT / f"{name}.in").read_text("utf-8"), re.M)
        locked = {re.split(r"[=\[]", entry)[0] for entry in self.entries(name)}
        assert {package.lower().replace(".", "-") for package in asked} - locked == set()


class TestMakefile:
    def test_plain_make_lists_every_target_with_its_help(self) -> None:
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        targets = set(re.findall(r"^([a-z-]+):(?!=)", makefile, re.M))
        listed = set(re.findall(r"^  make ([a-z-]+) +\S", run("make").stdout, re.M))
        assert listed == targets >= {"setup", "run", "train", "test", "check", "check-shared"}

    def test_check_shared_says_what_is_missing_before_it_does_anything(self) -> None:
        result = run("make", "check-shared", "SHARED=/nonexistent")
        assert result.returncode != 0
        assert "/nonexistent/guides" in result.stderr.splitlines()[0]
        assert result.stdout == ""


class TestContinuousIntegration:
    def test_all_stages_run_and_the_last_line_is_the_summary_of_a_failed_one(
        self, tmp_path: Path
    ) -> None:
        stage = 'echo "===== stage $1 in 1.0s ====="; [ "$1" != check-shared ]'
        script(tmp_path / "make", stage)
        env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
        result = run("bash", ROOT / ".ci" / "run", env=env)
        stages = re.findall(r"stage (\S+)", result.stdout)
        assert stages[:3] == ["test", "check-shared", "test-full"]
        assert result.stdout.splitlines()[-1] == "===== stage check-shared in 1.0s ====="
        assert result.returncode == 1
