"""``yibao kb import`` as staff run it: drafts, the list of open places, clear refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_guides import REGION
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import YibaoError
from knowledge.importer.checking import read_alone

FAULTY = Path(__file__).parent / "faulty_guide.txt"


def run(*arguments: str):
    """Run the command line; known errors come out as they are."""
    result = CliRunner().invoke(app, ["kb", "import", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result


def test_drafts_their_text_and_the_list_of_open_places_are_written(tmp_path: Path) -> None:
    result = run(str(FAULTY), "--region", REGION, "--out", str(tmp_path))
    folder = tmp_path / "yunlingshi"
    assert "3 个事项" in result.output and "逐字核对一致" in result.output
    assert "待核 10 处" in result.output
    report = (folder / "待核.md").read_text(encoding="utf-8")
    assert report.startswith("# 云岭市指南草稿：待核 10 处")
    assert (tmp_path / "yunlingshi.txt").read_text(encoding="utf-8") == FAULTY.read_text(
        encoding="utf-8")
    files = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.yml")}
    assert set(files) == {"guide.yml", "_chapter_of_item_1.yml", "long_term_resident_filing.yml",
                          "referral_filing.yml", "outpatient_reimbursement.yml"}
    assert len(read_alone("yunlingshi", files).guide("yunlingshi").items) == 3


def test_a_draft_that_is_there_already_is_never_written_over(tmp_path: Path) -> None:
    run(str(FAULTY), "--region", REGION, "--out", str(tmp_path))
    edited = tmp_path / "yunlingshi" / "referral_filing.yml"
    edited.write_text("# 已核对\n", encoding="utf-8")
    with pytest.raises(YibaoError, match="里已有文件"):
        run(str(FAULTY), "--region", REGION, "--out", str(tmp_path))
    assert edited.read_text(encoding="utf-8") == "# 已核对\n"


def test_the_drafts_of_a_known_place_bear_its_division_code(tmp_path: Path) -> None:
    run(str(FAULTY), "--region", "汕头市", "--out", str(tmp_path))
    assert "code: '440500'" in (tmp_path / "shantou" / "guide.yml").read_text(encoding="utf-8")


def test_a_file_without_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "空白.txt").write_text("\n", encoding="utf-8")
    with pytest.raises(YibaoError, match="没有可读的文字"):
        run(str(tmp_path / "空白.txt"), "--region", REGION, "--out", str(tmp_path))
