"""Whatever the input, the importer neither crashes nor loses a character."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_guides import REGION, STYLES, written

from knowledge.errors import BadInput
from knowledge.importer.importing import Imported, import_source
from knowledge.importer.reading import decoded
from knowledge.importer.source import of_text
from knowledge.text import squeeze

LINES = sorted({line for style in STYLES.values() for line in written(style).split("\n")})
ODD = st.text(max_size=24, alphabet="一二（）()1.、：:；。\t\t《》①②…—- 　\u0301\u3099\u200b\ufeff"
              "\x07\x85\u2028⺠⼀ﬁ㈠𠮷#*【】目录附件")
TEXTS = st.lists(st.one_of(st.sampled_from(LINES), ODD, st.text(max_size=30)), max_size=40).map(
    "\n".join)


def covered(imported: Imported) -> int:
    """Return how many characters the files of a draft hold, each once."""
    files = [imported.draft.guide.file, *imported.draft.files]
    spans = sorted(span for file in files for span in file.spans)
    assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:]))
    return sum(end - start for start, end in spans)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_every_character_of_any_text_is_in_just_one_file(text: str) -> None:
    imported = import_source(of_text(text), REGION)
    assert covered(imported) == len(squeeze(text))
    assert imported.whole


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_file_is_read_as_text_or_refused_in_so_many_words(content: bytes) -> None:
    try:
        assert isinstance(decoded(content), str)
    except BadInput as error:
        assert "不是文本" in str(error)
