"""A program that cannot do what it was asked says so in a sentence, with a code that is true."""

import errno
import importlib

import pytest

from runtime.endings import AGAIN, ENDINGS, NEVER_AGAIN, CannotRun, ending


@pytest.mark.parametrize("name", ENDINGS)
def test_every_ending_is_that_of_an_exception_there_is(name: str) -> None:
    module, _, kind = name.rpartition(".")
    assert issubclass(getattr(importlib.import_module(module), kind), Exception)


def test_a_sentence_of_ours_is_said_as_it_is() -> None:
    end = ending(CannotRun("no port is free"))
    assert end is not None
    assert (end.sentence, end.code) == ("no port is free", NEVER_AGAIN)


def test_a_lost_database_may_be_back_in_a_moment() -> None:
    from psycopg.errors import AdminShutdown

    end = ending(AdminShutdown("terminating connection"))
    assert end is not None
    assert end.sentence == "PostgreSQL cannot be used: terminating connection"
    assert end.code == AGAIN


def test_a_database_without_space_is_told_apart_from_a_lost_one() -> None:
    from psycopg.errors import DiskFull

    end = ending(DiskFull("could not extend file"))
    assert end is not None
    assert "free some space" in end.sentence
    assert end.code == NEVER_AGAIN


def test_a_kind_of_a_kind_ends_like_its_kind() -> None:
    from kafka.errors import KafkaTimeoutError

    end = ending(KafkaTimeoutError())
    assert end is not None
    assert end.sentence.startswith("Kafka cannot be used: ")
    assert end.code == AGAIN


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_says_what_to_do(number: int) -> None:
    end = ending(OSError(number, "no space"))
    assert end is not None
    assert "free some space" in end.sentence
    assert end.code == NEVER_AGAIN


def test_a_folder_that_may_not_be_used_is_named() -> None:
    end = ending(PermissionError(errno.EACCES, "Permission denied", "/srv/ledger"))
    assert end is not None
    assert "/srv/ledger" in end.sentence


@pytest.mark.parametrize("mistake", [KeyError("x"), AssertionError(), OSError(errno.EIO, "rot")])
def test_a_mistake_of_ours_keeps_its_trace(mistake: Exception) -> None:
    assert ending(mistake) is None
