"""What an evaluation shows beside its tables: errors, changes, calibration, pictures, pages."""

from __future__ import annotations

import json
import re
import sys

import numpy as np
import pytest
from matplotlib.image import imread

from bot.cli import main
from bot.errors import BadInput, SetupError
from bot.evaluation import disturbed
from bot.evaluation.calibration import bins, calibration_error, calibration_report
from bot.evaluation.comparison import changes, comparison_report, read_predictions
from bot.evaluation.labels import labels
from bot.evaluation.learning_curve import Point, fitted
from bot.evaluation.pages import write_between
from bot.evaluation.pictures import chinese_font, confusion, draw, draw_curve
from bot.evaluation.recorded import dropped, read_recorded, record
from bot.evaluation.rows import Row
from bot.evaluation.score import MEASURES, Figure
from bot.evaluation.tables import cut
from bot.evaluation.worst import worst, worst_report
from bot.paths import PROJECT
from knowledge.sounds import sound
from tests.evaluated import QUESTIONS, in_file, ours


def row(text: str, **label) -> Row:
    return Row(id=text, text=text, **label)


class TestWorst:
    def test_the_most_confident_errors_of_family_or_item_come_first(self):
        right = (row("对", family="个人账户"), ours(family="个人账户", confidence=0.99))
        family = (row("大类", family="个人账户"), ours(family="医疗救助", confidence=0.5))
        item = (row("事项", family="个人账户", item="医疗救助"),
                ours(family="个人账户", item="参保登记", confidence=0.8))
        assert worst([right, family, item]) == [item, family]

    def test_each_is_shown_with_what_it_should_be_and_what_we_took_it_for(self):
        text = worst_report([(row("问" * 60, family="个人账户", item="账户支取"),
                              ours(family="医疗救助", item="医疗救助", confidence=0.876))])
        first, second = text.splitlines()[1:]
        assert "0.88" in first and first.endswith("问…")
        assert second.strip() == "应为 个人账户 / 账户支取；判为 医疗救助"

    def test_no_more_than_fifty_are_shown_and_all_are_counted(self):
        wrong = [(row(f"问{n}", family="个人账户"), ours(family="医疗救助")) for n in range(60)]
        lines = worst_report(wrong).splitlines()
        assert len(lines) == 1 + 2 * 50 and "60 条" in lines[0]

    def test_a_text_is_cut_by_the_width_of_its_characters(self):
        assert cut("门诊报销abc", 8) == "门诊报…"
        assert cut("门诊\n报销", 9) == "门诊 报销"


class TestComparison:
    BOTH = [(row("一", family="个人账户"), ours(text="一", family="个人账户")),
            (row("二", family="个人账户"), ours(text="二", family="医疗救助")),
            (row("三", family="个人账户"), ours(text="三", family="个人账户"))]
    BEFORE = {"一": ours(text="一", family="医疗救助"), "二": ours(text="二", family="个人账户"),
              "三": ours(text="三", family="个人账户")}

    def test_it_tells_what_became_right_and_what_became_wrong(self):
        found = changes(self.BOTH, self.BEFORE)["family"]
        assert [c.row.id for c in found.right] == ["一"]
        assert [c.row.id for c in found.wrong] == ["二"]

    def test_p_is_mcnemars_exact(self):
        rows = [row(str(n), family="甲") for n in range(10)]
        after = [ours(family="甲" if n < 9 else "乙") for n in range(10)]
        before = {str(n): ours(family="乙" if n < 9 else "甲") for n in range(10)}
        pairs = list(zip(rows, after, strict=True))
        # Nine against one: 2 · (1 + 10) / 2^10.
        assert changes(pairs, before)["family"].p == pytest.approx(22 / 1024)
        assert changes(pairs[:1], {"0": ours(family="甲")})["family"].p == 1

    def test_sending_fewer_away_is_better(self):
        pair = [(row("一", scope="in_scope"), ours(scope="in_scope"))]
        found = changes(pair, {"一": ours(scope="out_of_scope")})["refused"]
        assert len(found.right) == 1 and not found.wrong

    def test_no_longer_claiming_that_something_is_missing_is_better(self):
        pair = [(row("一", scope="in_scope"), ours(scope="in_scope"))]
        found = changes(pair, {"一": ours(scope="partly")})["partly"]
        assert len(found.right) == 1 and not found.wrong

    def test_the_report_lists_each_row_with_both_readings(self):
        text = comparison_report("旧.jsonl", self.BOTH, self.BEFORE)
        assert "3 条两边都有" in text
        line = next(line for line in text.splitlines() if "变错 二" in line)
        assert line.endswith("个人账户 → 医疗救助")

    def test_every_measure_is_listed_by_a_field_of_the_predictions(self):
        everything = row("一", family="医疗救助", item="", facets=["收费"], scope="in_scope",
                         region="湖北", region_role="insured_place", region_in_kb=True)
        others = [row("二", scope="out_of_scope"), row("三", scope="unclear")]
        pairs = [(r, ours(region="湖北")) for r in (everything, *others)]
        before = {r.text: ours(scope="partly", family="参保登记") for r, _ in pairs}
        text = comparison_report("旧.jsonl", pairs, before)
        assert set(changes(pairs, before)) == set(MEASURES) and "变" in text

    @pytest.mark.parametrize("line", ["不是", "[1]", '{"text": "问"}'])
    def test_a_file_of_something_else_is_refused(self, tmp_path, line):
        with pytest.raises(BadInput, match="问题.jsonl 第 1 行：不是 --predictions 写出"):
            read_predictions(in_file(tmp_path, line))

    def test_predictions_of_other_questions_are_refused(self):
        with pytest.raises(BadInput, match="没有一条"):
            comparison_report("旧.jsonl", self.BOTH, {"四": ours()})


class TestCalibration:
    def test_the_error_is_the_mean_gap_by_rows(self):
        pairs = [(row("问", family="甲"), ours(family="甲", confidence=0.85))] * 3
        pairs += [(row("问", family="甲"), ours(family="乙", confidence=0.85))]
        pairs += [(row("问", family="甲"), ours(family="甲", confidence=1.0))] * 4
        found = bins(pairs)
        assert [(b.low, b.figure) for b in found] == [(0.8, Figure(3, 4)), (0.9, Figure(4, 4))]
        assert calibration_error(found) == pytest.approx((4 * 0.1 + 4 * 0) / 8)
        assert "期望校准误差 0.050" in calibration_report(pairs)

    def test_too_bold_does_not_make_up_for_too_shy(self):
        pairs = [(row("问", family="甲"), ours(family="乙", confidence=0.25)),
                 (row("问", family="甲"), ours(family="甲", confidence=0.75))]
        assert calibration_error(bins(pairs)) == pytest.approx(0.25)

    def test_rows_without_a_family_and_questions_back_do_not_count(self):
        asked = (row("问", family="甲"), ours(family="甲", scope="unclear"))
        assert bins([(row("问"), ours(family="甲")), asked]) == []


class TestPictures:
    PAIRS = [(row("问", family="个人账户"), ours(family="个人账户", confidence=0.9)),
             (row("问", family="个人账户", alt_families=["医疗救助"]),
              ours(family="医疗救助", confidence=0.6)),
             (row("问", family="非医保(城管)"), ours(family="", confidence=0.3))]

    def test_accepted_families_stand_on_the_diagonal_and_questions_back_beside_it(self):
        names, counted = confusion(self.PAIRS)
        assert names == ["个人账户", "非医保", "（反问）"]
        assert counted.tolist() == [[2, 0, 0], [0, 0, 1], [0, 0, 0]]

    def test_pictures_are_drawn(self, tmp_path):
        curve = fitted([Point(n, Figure(800 + n // 20, 1000)) for n in (250, 1000, 3000)])
        files = [*draw(tmp_path / "图", self.PAIRS), draw_curve(tmp_path, {"family": curve})]
        assert [f.name for f in files] == ["confusion.png", "calibration.png", "learning_curve.png"]
        for file in files:
            assert np.unique(imread(file).reshape(-1, 4), axis=0).shape[0] > 20

    def test_the_same_figures_make_the_same_file(self, tmp_path):
        first, second = (draw(tmp_path / name, self.PAIRS)[0].read_bytes() for name in "ab")
        assert first == second

    def test_without_a_chinese_font_it_says_what_to_install(self, monkeypatch):
        monkeypatch.setitem(labels()["pictures"], "fonts", ["No Such Font"])
        with pytest.raises(SetupError, match="没有中文字体.*No Such Font"):
            chinese_font()

    def test_a_file_in_place_of_the_folder_is_one_clear_line(self, tmp_path):
        with pytest.raises(BadInput, match="写不了"):
            draw(in_file(tmp_path, ""), self.PAIRS)


class TestPages:
    def test_what_stands_between_the_marks_is_replaced(self, tmp_path):
        page = tmp_path / "page.md"
        page.write_text("a\n<!-- own -->\nold\n<!-- /own -->\nb\n<!-- dev -->\n<!-- /dev -->\n")
        write_between(page, "own", "\\1 new\n")
        write_between(page, "own", "newer")
        assert page.read_text() == (
            "a\n<!-- own -->\n```\nnewer\n```\n<!-- /own -->\nb\n<!-- dev -->\n<!-- /dev -->\n")

    def test_a_page_without_marks_is_refused_and_kept(self, tmp_path):
        page = tmp_path / "page.md"
        page.write_text("a\n")
        with pytest.raises(BadInput, match="没有 <!-- own -->"):
            write_between(page, "own", "new")
        assert page.read_text() == "a\n"


    @pytest.mark.parametrize("page", ["nlu.md", "nlu-data.md"])
    def test_the_documentation_holds_figures_and_pictures(self, page):
        text = (PROJECT / "docs" / page).read_text("utf-8")
        marks = re.findall(r"<!-- ([\w-]+) -->\n```\n(?s:.+?)\n```\n<!-- /\1 -->", text)
        assert marks == re.findall(r"<!-- (?!/)([\w-]+) -->", text) != []
        pictures = re.findall(r"!\[.*?\]\((.*?)\)", text)
        assert all((PROJECT / "docs" / name).is_file() for name in pictures)

    def test_make_nlu_writes_between_every_mark(self):
        text = "".join((PROJECT / "docs" / page).read_text("utf-8")
                       for page in ("nlu.md", "nlu-data.md"))
        made = re.search(r"\nnlu:.*?\n\n", (PROJECT / "Makefile").read_text("utf-8"), re.DOTALL)
        command = {"own": "--mark own", "dev": "--mark dev",
                   "cross-validation": "cross-validate", "training-data": "training-data"}
        marks = re.findall(r"<!-- (?!/)([\w-]+) -->", text)
        assert set(marks) == set(command)
        assert all(command[mark] in made.group() for mark in marks)


class TestRecorded:
    def test_a_row_or_two_are_noise_and_ten_are_not(self):
        recorded = Figure(270, 300)
        assert not dropped("family", recorded, Figure(268, 300))
        assert dropped("family", recorded, Figure(255, 300))
        assert not dropped("family", recorded, Figure(290, 300))

    def test_a_figure_without_an_error_has_noise_too(self):
        assert not dropped("role", Figure(20, 20), Figure(19, 20))
        assert dropped("role", Figure(20, 20), Figure(16, 20))

    def test_of_errors_more_are_worse(self):
        assert dropped("refused", Figure(3, 100), Figure(12, 100))
        assert not dropped("refused", Figure(12, 100), Figure(3, 100))

    def test_what_is_recorded_is_read_again(self, tmp_path):
        found = {"family": Figure(9, 10), "partly": Figure(3, 7, is_f1=True)}
        record(tmp_path / "recorded.yml", found)
        assert read_recorded(tmp_path / "recorded.yml") == found


class TestWrittenWorse:
    TEXT = "我在广州打工，去年在老家住院花了三万多，新农合只报销了一万二，请问还能不能二次报销？"

    def test_a_tenth_of_the_characters_gives_way_to_others_of_the_same_sound(self):
        worse = disturbed.homophones(self.TEXT)
        changed = [(a, b) for a, b in zip(self.TEXT, worse, strict=True) if a != b]
        assert len(changed) == 4
        assert all(sound(a) == sound(b) for a, b in changed)
        assert worse == disturbed.homophones(self.TEXT)

    def test_no_character_gives_way_to_itself(self):
        texts = [f"{self.TEXT}{n}" for n in range(50)]
        changed = [sum(map(str.__ne__, text, disturbed.homophones(text))) for text in texts]
        assert set(changed) == {4}

    def test_traditional_characters_and_no_marks(self):
        assert disturbed.traditional("医保报销") == "醫保報銷"
        assert disturbed.unpunctuated("你好！报销，怎么办？") == "你好报销怎么办"


def test_the_command_shows_and_writes_all_of_it(tmp_path, monkeypatch, capsys):
    lines = [json.dumps(row, ensure_ascii=False) for row in QUESTIONS]
    questions, page = in_file(tmp_path, *lines), tmp_path / "page.md"
    page.write_text("<!-- own -->\n<!-- /own -->\n")
    said, noted = tmp_path / "判断.jsonl", tmp_path / "recorded.yml"

    def evaluate(*options: str) -> str:
        monkeypatch.setattr(sys, "argv", ["yibao", "evaluate", str(questions), *options])
        with pytest.raises(SystemExit) as stop:
            main()
        assert not stop.value.code
        return capsys.readouterr().out

    evaluate("--predictions", str(said))
    changed = said.read_text("utf-8").replace('"family": "异地就医备案"', '"family": "医疗救助"')
    said.write_text(changed, "utf-8")
    text = evaluate("--compare", str(said), "--pictures", str(tmp_path), "--record", str(noted),
                    "--page", str(page), "--mark", "own", "--disturbed")
    assert "变对 2" in text and "一成的字换成同音字" in text
    assert read_recorded(noted)["family"].n == 3
    assert (tmp_path / "confusion.png").is_file() and "事项大类" in page.read_text("utf-8")
    assert "变对" not in page.read_text("utf-8")
