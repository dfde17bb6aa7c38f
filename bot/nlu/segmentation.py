"""Words of a message: official terms and places whole, the rest character by character.

A tokenizer of our own, registered with spaCy, that keeps its terms with the pipeline: a process
that loads it cuts 异地就医备案 as the one that built it did. spaCy's own Chinese tokenizer saves
neither the user dictionary of jieba nor a word of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, get_words_and_spaces
from spacy.vocab import Vocab

from bot.nlu.normalise import aligned
from knowledge.place_names import spots

TOKENIZER, PLACES = "yibao.TermTokenizer.v1", "places"


class TermTokenizer(DummyTokenizer):
    """Takes the longest term or place at each point; numbers and Latin words stay whole.

    Tokens keep the writing of the message; their norm is simplified, half width and lower case
    (:func:`bot.nlu.normalise.aligned`), and terms are looked for in the norm. Places are those of
    :mod:`knowledge.place_names`; a document keeps them in ``user_data`` under :data:`PLACES`.

    Args:
        vocab: of the pipeline.
        terms: normalised words to keep whole.
    """

    def __init__(self, vocab: Vocab, terms: Iterable[str] = ()) -> None:
        self.vocab = vocab
        self.terms = tuple(sorted(terms))
        self._by_start = _by_start(self.terms)

    def __call__(self, text: str) -> Doc:
        """Return the tokens of a text."""
        norm = aligned(text)
        places = {spot.start: spot.end for spot in spots(norm)}
        cuts = self._cut(norm, places)
        words, spaces = get_words_and_spaces([text[a:b] for a, b in cuts], text)
        doc = Doc(self.vocab, words=words, spaces=spaces, user_data={PLACES: places})
        for token in doc:
            token.norm_ = norm[token.idx : token.idx + len(token)]
        return doc

    def _cut(self, norm: str, places: Mapping[int, int]) -> Iterator[tuple[int, int]]:
        at = 0
        while at < len(norm):
            known = max(self._end_of_term(norm, at), places.get(at, 0))
            end = known or _end_of_run(norm, at)
            yield at, end
            at = end

    def _end_of_term(self, norm: str, at: int) -> int:
        """Where the longest term that begins at ``at`` ends; 0 if none does."""
        for term in self._by_start.get(norm[at : at + 2], ()):
            end = at + len(term)
            if norm.startswith(term, at) and not _inside_run(norm, end):
                return end
        return 0

    def to_bytes(self, **kwargs: Any) -> bytes:
        """Return the terms as bytes."""
        return json.dumps(self.terms, ensure_ascii=False).encode()

    def from_bytes(self, data: bytes, **kwargs: Any) -> TermTokenizer:
        """Take the terms that :meth:`to_bytes` gave."""
        self.__init__(self.vocab, json.loads(data))
        return self

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        """Write the terms to a file."""
        Path(path).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **kwargs: Any) -> TermTokenizer:
        """Take the terms that :meth:`to_disk` wrote."""
        return self.from_bytes(Path(path).read_bytes())


@spacy.registry.tokenizers(TOKENIZER)
def term_tokenizer() -> Callable[[Language], TermTokenizer]:
    """Return what makes a tokenizer without terms; they are read from disk or set (spaCy)."""
    return lambda nlp: TermTokenizer(nlp.vocab)


def _by_start(terms: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Terms by their first two characters, the longest first."""
    index: dict[str, list[str]] = {}
    for term in sorted(terms, key=len, reverse=True):
        index.setdefault(term[:2], []).append(term)
    return {start: tuple(found) for start, found in index.items()}


def _end_of_run(norm: str, at: int) -> int:
    end = at + 1
    while _inside_run(norm, end):
        end += 1
    return end


def _inside_run(norm: str, at: int) -> bool:
    """Whether a number or a Latin word goes on at ``at``."""
    return 0 < at < len(norm) and _joins(norm[at - 1]) and _joins(norm[at])


def _joins(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


__all__ = ["PLACES", "TOKENIZER", "TermTokenizer", "term_tokenizer"]
