"""An archive grows by closed stretches, and tells when it is not what was written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pytest

from events.event import Event
from events.recorded import Recorded, leaf_hash
from replay.archive.manifest import Manifest, ManifestBroken, manifest_of, next_stretch
from replay.archive.reading import ArchiveBroken, check, log_until
from replay.archive.source import ArchivedLog
from replay.archive.writing import BATCH, archive
from replay.ports import LogGap
from replay.verify import Difference, Report
from runtime.log.cloudevents import StoredFact
from runtime.store.event_store import stored
from tests.replay.archives import LEDGER, Log, MemoryShelf, archived, every_fact
from tests.runtime.log.facts import fact

FACTS: Final = every_fact()[:40]
HEAD: Final = len(FACTS)


def _archive(facts: Any, shelf: MemoryShelf, size: int, *, until_now: bool = False) -> None:
    log = facts if isinstance(facts, Log) else Log(facts)
    assert archive(
        log, shelf, size, until_now=until_now, progress=lambda *_: None, stop=lambda: False
    )


def _bounds(shelf: MemoryShelf) -> list[tuple[int, int]]:
    return [(stretch.first, stretch.last) for stretch in shelf.manifest.stretches]


def _check(shelf: MemoryShelf, facts: Any = FACTS) -> Report:
    return check(shelf.manifest, shelf, facts, lambda _: None)


@pytest.mark.parametrize(
    ("after", "head", "until_now", "found"),
    [
        (0, 9, False, None),
        (0, 10, False, (1, 10)),
        (0, 11, False, (1, 10)),
        (10, 19, False, None),
        (10, 20, False, (11, 20)),
        (13, 19, False, None),
        (13, 20, False, (14, 20)),
        (0, 0, True, None),
        (0, 1, True, (1, 1)),
        (0, 9, True, (1, 9)),
        (0, 10, True, (1, 10)),
        (10, 10, True, None),
        (10, 11, True, (11, 11)),
        (13, 29, True, (14, 20)),
    ],
)
def test_a_stretch_is_full_at_the_next_multiple_of_its_size(
    after: int, head: int, until_now: bool, found: tuple[int, int] | None
) -> None:
    assert next_stretch(after, 10, head, until_now=until_now) == found


def test_only_full_stretches_are_archived_unless_asked() -> None:
    shelf = MemoryShelf()
    _archive(FACTS[:39], shelf, 10)
    assert _bounds(shelf) == [(1, 10), (11, 20), (21, 30)]
    _archive(FACTS[:39], shelf, 10, until_now=True)
    assert _bounds(shelf) == [(1, 10), (11, 20), (21, 30), (31, 39)]
    _archive(FACTS, shelf, 10)
    assert _bounds(shelf)[3:] == [(31, 39), (40, 40)]
    assert _check(shelf) == Report(40, 0, ())


def test_what_is_archived_is_left_as_it_is() -> None:
    shelf = archived(FACTS[:25], 10)
    before = dict(shelf.kept)
    _archive(FACTS, shelf, 10, until_now=True)
    assert before.items() < shelf.kept.items()


def test_a_stretch_of_many_batches_is_the_same_as_of_one() -> None:
    facts = [fact(LEDGER, position) for position in range(1, 2 * BATCH + 3)]
    shelf = archived(facts)
    (stretch,) = shelf.manifest.stretches
    assert (stretch.first, stretch.last) == (1, len(facts))
    assert _check(shelf, facts) == Report(len(facts), 0, ())


def test_progress_is_told_up_to_what_there_is_to_do() -> None:
    told: list[tuple[int, int]] = []
    archive(
        Log(FACTS[:39]),
        MemoryShelf(),
        10,
        until_now=False,
        progress=lambda *at: told.append(at),
        stop=lambda: False,
    )
    assert told == [(10, 30), (20, 30), (30, 30)]


def test_stopped_it_keeps_whole_stretches_and_goes_on_there() -> None:
    shelf, asked = MemoryShelf(), iter([False, False, True])
    done = archive(
        Log(FACTS),
        shelf,
        10,
        until_now=False,
        progress=lambda *_: None,
        stop=lambda: next(asked),
    )
    assert not done
    assert _bounds(shelf) == [(1, 10), (11, 20)]
    _archive(FACTS, shelf, 10)
    assert shelf.kept == archived(FACTS, 10).kept


def test_a_log_that_ends_before_the_archive_is_not_followed() -> None:
    shelf = archived(FACTS)
    with pytest.raises(LogGap, match="ends at position 39, but 40 is archived"):
        _archive(FACTS[:39], shelf, 10)


class _Cut(Log):
    """A log that says it is longer than it is."""

    def head(self) -> int:
        return HEAD + 1


def test_a_log_that_ends_too_soon_is_not_archived() -> None:
    shelf = MemoryShelf()
    with pytest.raises(LogGap, match="ends at position 40, but had 41"):
        _archive(_Cut(FACTS), shelf, 100, until_now=True)
    assert _bounds(shelf) == []


def test_the_log_is_read_as_far_as_asked() -> None:
    assert list(log_until(Log(FACTS), 17)) == list(FACTS[:17])
    assert list(log_until(Log(FACTS), HEAD + 1)) == list(FACTS)


def _first_file(shelf: MemoryShelf, stretch: int = 1) -> str:
    return shelf.manifest.stretches[stretch].files[0].path


def _changed_byte(shelf: MemoryShelf) -> str:
    path = _first_file(shelf)
    octets = bytearray(shelf.kept[path])
    octets[len(octets) // 2] ^= 1
    shelf.kept[path] = bytes(octets)
    return f"{path} does not have its hash"


def _missing(shelf: MemoryShelf) -> str:
    path = _first_file(shelf)
    del shelf.kept[path]
    return f"{path} is missing"


def _swapped(shelf: MemoryShelf) -> str:
    one, other = _first_file(shelf), shelf.manifest.stretches[1].files[1].path
    shelf.kept[one], shelf.kept[other] = shelf.kept[other], shelf.kept[one]
    return f"{one} does not have its hash"


@pytest.mark.parametrize("tamper", [_changed_byte, _missing, _swapped])
def test_a_file_that_is_not_what_was_written_is_named(
    tamper: Callable[[MemoryShelf], str],
) -> None:
    shelf = archived(FACTS, 10)
    assert _check(shelf).differences == ()
    wrong = tamper(shelf)
    where = "archive, positions 11 to 20"
    assert _check(shelf) == Report(10, 0, (Difference(where, wrong),))


def _with_files(shelf: MemoryShelf, stretch: int, *files: Any) -> Manifest:
    stretches = list(shelf.manifest.stretches)
    stretches[stretch] = replace(stretches[stretch], files=files)
    return replace(shelf.manifest, stretches=tuple(stretches))


def test_files_swapped_with_their_hashes_are_seen() -> None:
    """Whoever changes the manifest as well cannot change what the facts say of themselves."""
    shelf = archived(FACTS, 10)
    one, other, *rest = shelf.manifest.stretches[1].files
    shelf.kept[one.path], shelf.kept[other.path] = shelf.kept[other.path], shelf.kept[one.path]
    swapped = replace(other, path=one.path), replace(one, path=other.path)
    shelf.manifest = _with_files(shelf, 1, *swapped, *rest)
    (difference,) = _check(shelf).differences
    assert difference.detail == f"{one.path} does not hold the rows that belong there"


def test_a_file_that_is_left_out_with_its_name_is_seen() -> None:
    shelf = archived(FACTS, 10)
    gone, *rest = shelf.manifest.stretches[1].files
    del shelf.kept[gone.path]
    shelf.manifest = _with_files(shelf, 1, *rest)
    (difference,) = _check(shelf).differences
    assert "belongs" in difference.detail or "not what the manifest says" in difference.detail


def test_other_facts_with_hashes_of_their_own_are_seen_by_the_manifest_and_by_the_log() -> None:
    payload = FACTS[14].payload.replace(b"{", b'{"a":1,', 1)
    forged = replace(FACTS[14], leaf=FACTS[14].leaf.replace(b'"ann"', b'"bea"'))
    forged = replace(forged, leaf_hash=leaf_hash(forged.leaf))
    other = archived([*FACTS[:14], forged, *FACTS[15:]], 10)
    assert _check(other).differences == (
        Difference("archive, position 15", "the log has another fact there"),
    )
    assert _check(archived(FACTS, 10), _log_with(14, payload=payload)).differences == (
        Difference("archive, position 15", "the log has another payload there"),
    )
    honest = archived(FACTS, 10)
    other.manifest = replace(
        other.manifest,
        stretches=tuple(
            replace(one, leaves_sha256=true.leaves_sha256)
            for one, true in zip(other.manifest.stretches, honest.manifest.stretches, strict=True)
        ),
    )
    forged_log = [*FACTS[:14], forged, *FACTS[15:]]
    (difference,) = _check(other, forged_log).differences
    assert difference.detail == "positions 11 to 20 are not what the manifest says"


def _log_with(place: int, **fields: Any) -> list[StoredFact]:
    return [*FACTS[:place], replace(FACTS[place], **fields), *FACTS[place + 1 :]]


def test_a_log_that_goes_on_is_no_difference_and_one_that_ends_is() -> None:
    shelf = archived(FACTS[:30], 10)
    assert _check(shelf).differences == ()
    assert _check(shelf, FACTS[:29]).differences == (
        Difference("archive, position 30", "the log ends before it"),
    )
    assert _check(shelf, [*FACTS[:9], *FACTS[10:]]).differences == (
        Difference("archive, position 10", "the log has position 11 there"),
    )


@dataclass(slots=True)
class _Live:
    """What the log gives of `FACTS`, and from where it was asked for it."""

    asked: list[int] = field(default_factory=list)

    def read(self, after: int, limit: int, timeout_s: float) -> Sequence[Recorded[Event]]:
        assert timeout_s >= 0
        self.asked.append(after)
        return [stored(one.name, one.payload, one.leaf) for one in FACTS[after : after + limit]]

    def head(self) -> int:
        return HEAD


@pytest.mark.parametrize("limit", [1, 3, 10, 100])
def test_the_log_is_read_out_of_the_archive_and_on_from_there(limit: int) -> None:
    shelf, live = archived(FACTS[:33], 10), _Live()
    log = ArchivedLog(shelf.manifest, shelf, live)
    assert log.head() == HEAD
    found: list[Recorded[Event]] = []
    while facts := log.read(len(found), limit, 0):
        assert len(facts) <= limit
        found += facts
    assert found == [stored(one.name, one.payload, one.leaf) for one in FACTS]
    assert min(live.asked) == 33


def test_reading_the_archive_can_begin_after_any_position() -> None:
    shelf = archived(FACTS, 10)
    log = ArchivedLog(shelf.manifest, shelf, _Live())
    for after in (0, 39, 17, 17, 3, 9, 10, 40, 1):
        wanted = range(after + 1, min(after + 2, HEAD) + 1)
        positions = [one.envelope.position for one in log.read(after, 2, 0)]
        assert positions == list(wanted)[: len(positions)]
        assert positions or after == HEAD


def test_a_changed_file_is_not_read_as_the_log() -> None:
    shelf = archived(FACTS, 10)
    wrong = _changed_byte(shelf)
    log = ArchivedLog(shelf.manifest, shelf, _Live())
    assert len(log.read(0, 10, 0)) == 10
    for _ in range(2):
        with pytest.raises(ArchiveBroken, match=wrong):
            log.read(10, 10, 0)


def test_a_manifest_without_its_last_stretch_leaves_files_it_does_not_name() -> None:
    shelf = archived(FACTS, 10)
    shelf.manifest = replace(shelf.manifest, stretches=shelf.manifest.stretches[:-1])
    (difference,) = _check(shelf).differences
    assert difference.where.endswith("000000000031-000000000040.parquet")
    assert difference.detail == "the manifest does not name it"


def test_a_manifest_reads_back_as_it_was_written() -> None:
    manifest = archived(FACTS, 10).manifest
    assert manifest_of(manifest.text(), LEDGER) == manifest
    assert manifest_of(Manifest(LEDGER).text(), LEDGER) == Manifest(LEDGER)


def _text() -> str:
    return archived(FACTS, 20).manifest.text()


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda text: text[: len(text) // 2], "no manifest"),
        (lambda _: "", "no manifest"),
        (lambda _: "[]", "no manifest"),
        (lambda text: text.replace('"format": 1', '"format": 2'), "format 2"),
        (lambda text: text.replace('"main"', '"other"'), "ledger other"),
        (lambda text: text.replace('"first": 21', '"first": 22'), "where 21 begins"),
        (lambda text: text.replace('"first": 21', '"first": "21"'), "whole numbers"),
        (lambda text: text.replace('"last": 40', '"last": 41'), "has 20 rows"),
        (lambda text: text.replace('"path": "', '"path": "../'), "does not stand in the folder"),
        (lambda text: text.replace('"sha256": "', '"sha256": "0'), "64 hexadecimal"),
        (lambda text: text.replace('"rows"', '"row"'), "no manifest"),
    ],
)
def test_a_manifest_that_was_cut_or_changed_is_not_read(
    change: Callable[[str], str], wrong: str
) -> None:
    with pytest.raises(ManifestBroken, match=wrong):
        manifest_of(change(_text()), LEDGER)
