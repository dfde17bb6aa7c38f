"""The project's spaCy pipeline for Chinese: built from the knowledge base, saved with the model.

Words by :mod:`bot.nlu.segmentation`; entities ITEM, MATERIAL, CHANNEL and FACT by phrases, each
with the id of what it stands for, REGION as the knowledge base sees places; beside them the
places and dates that a pretrained pipeline sees, where one is installed
(:mod:`bot.nlu.pretrained`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from bot.nlu.pretrained import DATE, GPE, seen
from bot.nlu.segmentation import PLACES, TOKENIZER, TermTokenizer
from bot.nlu.terms import Term

REGION = "REGION"
_RULES, _PRETRAINED = "term_rules", "pretrained_entities"


def build(terms: Iterable[Term]) -> Language:
    """Return a pipeline that segments by ``terms`` and tells their entities; takes half a second.

    It can be saved with ``to_disk`` and loaded with ``spacy.load`` wherever this module is
    imported.
    """
    terms = tuple(terms)
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    nlp.tokenizer = TermTokenizer(nlp.vocab, (t.phrase for t in terms if t.official))
    nlp.add_pipe(_RULES).add(terms)
    nlp.add_pipe(_PRETRAINED)
    return nlp


class TermRules:
    """Tells entities by the phrases of terms, in their norm, and places; the longest win.

    As spaCy's ``EntityRuler``, which keeps a document of each phrase: 15 MB for these.
    """

    def __init__(self, nlp: Language) -> None:
        self._nlp, self._terms = nlp, ()
        self._matcher = PhraseMatcher(nlp.vocab, attr="NORM")

    def add(self, terms: Iterable[Term]) -> None:
        """Add terms to those that are looked for."""
        added = tuple(terms)
        for index, term in enumerate(added, len(self._terms)):
            self._matcher.add(str(index), [self._nlp.make_doc(term.phrase)])
        self._terms += added

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of a document (called by spaCy)."""
        told = dict((*_regions(doc), *self._terms_in(doc)))
        doc.ents = filter_spans(told)
        for span in doc.ents:
            for token in span:
                token.ent_id_ = told[span]
        return doc

    def _terms_in(self, doc: Doc) -> Iterator[tuple[Span, str]]:
        for key, start, end in self._matcher(doc):
            term = self._terms[int(self._nlp.vocab.strings[key])]
            yield Span(doc, start, end, label=term.label), term.id

    def to_disk(self, path: Path, **kwargs: Any) -> None:
        """Write the terms to a file (called by spaCy)."""
        path.write_text(json.dumps(self._terms, ensure_ascii=False), encoding="utf-8")

    def from_disk(self, path: Path, **kwargs: Any) -> TermRules:
        """Take the terms that :meth:`to_disk` wrote (called by spaCy)."""
        self.add(Term(*row) for row in json.loads(path.read_text(encoding="utf-8")))
        return self


def _regions(doc: Doc) -> Iterator[tuple[Span, str]]:
    for start, end in doc.user_data[PLACES].items():
        span = doc.char_span(start, end, REGION)
        if span:  # else it lies in a longer term (广东政务服务网)
            yield span, "".join(token.norm_ for token in span)


# spaCy cannot read annotations that are put off, as all are here; a lambda has none.
Language.factory(_RULES, func=lambda nlp, name: TermRules(nlp))


@Language.component(_PRETRAINED)
def add_pretrained(doc: Doc) -> Doc:
    """Add pretrained places and dates where the rules have found nothing (called by spaCy)."""
    doc.ents = (*doc.ents, *_added(doc))
    return doc


def _added(doc: Doc) -> Iterator[Span]:
    for name in seen(doc.text):
        span = doc.char_span(name.start, name.end, name.label, alignment_mode="expand")
        if name.label in (GPE, DATE) and span and not any(t.ent_type for t in span):
            yield span


__all__ = ["REGION", "TermRules", "add_pretrained", "build"]
