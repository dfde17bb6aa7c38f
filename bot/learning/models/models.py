"""The folder of the models: which one is live, which were before, and which might be next."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.files import alone, read_json, write_json
from bot.journal.tables import moment
from bot.learning.models.cards import (
    Card,
    archive_of,
    digest_of,
    domain_in,
    is_version,
    read_card,
    sha256_of,
    version_of,
    write_card,
)
from bot.learning.models.soundness import our_foundation, refused, try_out, verify
from bot.learning.models.tidying import tidy
from bot.nlu.examples import read_examples
from bot.paths import models_folder, nlu_folder
from bot.privacy import mask
from bot.training import fingerprint, model_path, train
from bot.wording import say

KEPT_BEFORE = 5
"""Models that were live and are kept, to go back to."""

SHORTEST_REASON = 10
"""Characters of the reason for a promotion against what the comparison says."""


class Models:
    """The models of this installation. Everything blocks; the server calls it in a thread.

    Args:
        folder: where they lie; None for that of this installation. It may be shared by several
            machines.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or models_folder()

    @property
    def live_file(self) -> Path:
        """The file that says which model is live; replaced whole."""
        return self.folder / "live.json"

    def live(self) -> dict[str, Any] | None:
        """Return what is live; None where nothing was ever put live: the present data's is.

        Returns:
            ``{"version", "since", "by", "reason", "before": [{"version", "since", "by", "reason",
            "until"}]}``; times in UTC, ISO 8601; ``before``: up to :data:`KEPT_BEFORE`, the
            latest first.

        Raises:
            DataError: the file cannot be read.
        """
        return read_json(self.live_file)

    def cards(self) -> list[Card]:
        """Return the card of each model, the newest first; see :data:`bot.learning.models.cards`.
        """
        versions = (version_of(path) for path in self.folder.glob("yibao-*.tar.gz"))
        found = [card for card in map(self._card, versions) if card]
        return sorted(found, key=lambda card: card["trained_at"], reverse=True)

    def card(self, version: str) -> Card:
        """Return the card of a model.

        Raises:
            BadInput: 404; there is no such model.
        """
        card = self._card(version) if is_version(version) else None
        if card is None:
            raise BadInput(say("model_unknown", version=version), "version", 404)
        return card

    def archive(self, version: str) -> Path:
        """Return the path of a model's file, whether or not it exists."""
        return archive_of(self.folder, version)

    def register(self, archive: Path, **known: Any) -> Card:
        """Write down what a model is, and let the oldest go; return the card.

        Args:
            archive: its file, in the folder.
            known: parts of the card; the others stay, or are found out.

        Raises:
            BadInput: 409; the file is damaged.
        """
        with self._alone():
            card = self._register(archive, known)
            self._tidy()
            return card

    def problem(self, version: str) -> str:
        """Return why a model cannot be used, in Chinese; "" where nothing speaks against it."""
        try:
            self.verify(version)
        except BadInput as error:
            return str(error)
        return ""

    def verify(self, version: str) -> Card:
        """See to it that a model's file is whole and made for this program; return its card.

        Raises:
            BadInput: 404, 409; said in Chinese.
        """
        card = self.card(version)
        verify(self.archive(version), card)
        return card

    def check(self, version: str) -> Card:
        """:meth:`verify` a model, load it in a process of its own and ask it; return its card.

        What passed once need not be loaded again.

        Raises:
            BadInput: 404, 409; said in Chinese.
        """
        card = self.verify(version)
        if card["checked"] == card["sha256"]:
            return card
        try_out(self.archive(version), version)
        return self.register(self.archive(version), checked=card["sha256"])

    def promote(
        self, version: str, by: str, reason: str = "", override: bool = False
    ) -> dict[str, Any]:
        """Put a model live; return what is live now.

        Args:
            version: of the model.
            by: who, a 工号.
            reason: why; kept, masked.
            override: against what the comparison says; for administrators only, which who calls
                sees to.

        Raises:
            BadInput: 404, 409: the model cannot be used or may not be promoted; 422: the reason
                is too short.
        """
        card, reason = self.check(version), mask(reason.strip()).text
        if self.live() is None and model_path(self.folder).is_file():
            self.pin(by)  # what serves so far is what one goes back to
        with self._alone():
            live = self.live() or {"version": "", "before": []}
            if live["version"] == version:
                raise refused("model_live_already", version)
            if card["may_promote"] is not True and version not in _versions(live["before"]):
                _insist(card, reason, override)
            return self._put(version, by, reason)

    def rollback(self, by: str) -> dict[str, Any]:
        """Put the latest model before the live one back that can be used; return what is live.

        Raises:
            BadInput: 409; there is none.
        """
        with self._alone():
            live = self.live() or {"before": []}
            for place, entry in enumerate(live["before"]):
                if not self.problem(entry["version"]):
                    return self._write_live(
                        entry["version"], by, "", live["before"][place + 1:])
            raise BadInput(say("model_none_before"), "version", 409)

    def pin(self, by: str) -> str:
        """Let the model that serves now stay live though the training data change; its version.

        Raises:
            SetupError: it is missing, and could not be trained.
        """
        archive = self.serving()
        with self._alone():
            if self.live() is None:
                self._put(version_of(archive), by, say("model_pinned"))
        return version_of(archive)

    def serving(self, before_training: Callable[[], object] = lambda: None) -> Path:
        """Return the model to serve with, trained where it is missing.

        It is the live one, or the last before it that can be used. Where nothing was ever put
        live, or all of them are of another release, it is that of the present data.

        Args:
            before_training: called if it has to be trained.

        Raises:
            DataError: the live file, or training data, cannot be read.
            SetupError: it could not be trained.
        """
        if self.live() is None:
            return _trained(before_training, self.folder)
        with self._alone():
            live = self.live() or {}
            for entry in (live, *live["before"]):
                if not self.problem(entry["version"]):
                    return self._serve(entry["version"], live, say("model_instead"))
            trained = version_of(_trained(before_training, self.folder))
            return self._serve(trained, live, say("model_after_release"))

    def _serve(self, version: str, live: dict[str, Any], reason: str) -> Path:
        if version != live["version"]:
            self._put(version, "", reason)
        return self.archive(version)

    def _put(self, version: str, by: str, reason: str) -> dict[str, Any]:
        live = self.live()
        before = []
        if live:
            last = {**live, "until": _now()}
            before = [last, *last.pop("before")]
        return self._write_live(version, by, reason, before)

    def _write_live(
        self, version: str, by: str, reason: str, before: list[dict[str, Any]]
    ) -> dict[str, Any]:
        kept = [entry for entry in before if entry["version"] != version][:KEPT_BEFORE]
        live = {"version": version, "since": _now(), "by": by, "reason": reason, "before": kept}
        write_json(self.live_file, live)
        self._tidy()
        return live

    def _card(self, version: str) -> Card | None:
        """Return a model's card, made where it is the present data's and has none yet."""
        archive = self.archive(version)
        card = read_card(archive)
        if card is None and archive.is_file() and version == fingerprint():
            with suppress(BadInput):  # damaged: as good as no model
                return self._register(archive, {"examples": len(read_examples(nlu_folder()))})
        return card

    def _register(self, archive: Path, known: Card) -> Card:
        digest, card = sha256_of(archive), read_card(archive)
        if card is None or card["sha256"] != digest:
            card = _described(archive, digest)
        card = {**card, **known}
        write_card(archive, card)
        return card

    def _tidy(self) -> None:
        live = self.live()
        kept = _versions([live, *live["before"]]) if live else [fingerprint()]
        tidy(self.folder, self.cards(), kept)

    def _alone(self) -> Any:
        return alone(self.folder / ".lock")


def _trained(before_training: Callable[[], object], folder: Path) -> Path:
    if not model_path(folder).is_file():
        before_training()
    return train(models=folder)


def _versions(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["version"] for entry in entries]


def _insist(card: Card, reason: str, override: bool) -> None:
    if not override:
        reasons = "；".join(card["reasons"]) or say("model_not_compared")
        raise BadInput(say("model_not_promotable", version=card["version"], reasons=reasons),
                       "version", 409)
    if len(reason) < SHORTEST_REASON:
        raise BadInput(say("model_reason_needed", characters=SHORTEST_REASON), "reason", 422)


def _described(archive: Path, digest: str) -> Card:
    """Return the card of a model trained by this program just now."""
    version, written = version_of(archive), archive.stat()
    try:
        domain = digest_of(domain_in(archive))
    except ValueError:
        raise refused("model_damaged", version) from None
    trained = datetime.fromtimestamp(written.st_mtime, timezone.utc)
    return {"version": version, "foundation": our_foundation(), "domain": domain,
            "sha256": digest, "bytes": written.st_size, "trained_at": moment(trained), "by": "",
            "run": "", "examples": None, "may_promote": None, "reasons": [], "checked": ""}


def _now() -> str:
    return moment(datetime.now(timezone.utc))


__all__ = ["KEPT_BEFORE", "SHORTEST_REASON", "Models"]
