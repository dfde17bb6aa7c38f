"""Reading a message from end to end: spelling, words, trained heads, and what follows from them."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.nlu import heads, homophones, wordings
from bot.nlu.examples import Example
from bot.nlu.features import Parts
from bot.nlu.heads import Heads
from bot.nlu.homophones import Homophones
from bot.nlu.normalise import normalise
from bot.nlu.wordings import Wordings
from bot.observed import Observed, cues, observe
from bot.people import without_others
from bot.understanding import Understanding, understand
from knowledge.store import load
from knowledge.vocabulary import phrases_known

_SPELLING = "homophones.json"


class Reader:
    """What training makes: reads any message into an :class:`Understanding`.

    ``wordings`` are those of facts that training has learnt.
    """

    def __init__(self, spelling: Homophones, heads: Heads, wordings: Wordings) -> None:
        self._spelling, self._heads, self.wordings = spelling, heads, wordings

    def read(self, text: str, plain: str) -> Understanding:
        """Return the reading of a message.

        Args:
            text: the message as it was written.
            plain: the same, normalised.
        """
        observed = self.observed(text, plain)
        return understand(observed, self._heads.predict(_counted(observed)))

    def observed(self, text: str, plain: str) -> Observed:
        """Return what the words of a message tell, the learnt ones among them."""
        corrected = self.wordings.restored(plain, self._spelling.corrected(plain))
        return observe(text, corrected, self.wordings)

    def reasons(self, text: str, head: str, label: str) -> list[tuple[str, float]]:
        """Return what in a message spoke for a label of a head (:meth:`Heads.reasons`)."""
        observed = self.observed(text, normalise(text))
        return self._heads.reasons(_counted(observed), head, label)

    def save(self, folder: Path) -> None:
        """Write all that was learnt into ``folder``."""
        self._spelling.save(folder / _SPELLING)
        self._heads.save(folder)
        self.wordings.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Reader:
        """Read what :meth:`save` wrote."""
        return cls(Homophones.load(folder / _SPELLING), Heads.load(folder), Wordings.load(folder))


def of_model(model: Path) -> Reader:
    """Return the reader that lies in a trained model (an archive of Rasa's)."""
    with TemporaryDirectory() as folder, tarfile.open(model) as archive:
        archive.extractall(folder)
        return Reader.load(next(Path(folder).rglob(_SPELLING)).parent)


def train(examples: Sequence[Example]) -> Reader:
    """Return a reader that has learnt from labelled utterances."""
    learnt = wordings.learn(examples)
    seen = [observe(e.text, normalise(e.text), learnt) for e in examples]
    spelling = homophones.learn([*(s.plain for s in seen), *_clauses(), *phrases_known()])
    return Reader(spelling, heads.train(examples, [_counted(s) for s in seen]), learnt)


def _counted(observed: Observed) -> Parts:
    return Parts(without_others(observed.plain), cues(observed))


def _clauses() -> Iterator[str]:
    """Yield the clauses of the guides: their words are right as they stand."""
    kb = load()
    yield from (normalise(rule.clause.text) for guide in kb.guides.values()
                for item in guide.items.values() for rule in item.rules)


__all__ = ["Reader", "of_model", "train"]
