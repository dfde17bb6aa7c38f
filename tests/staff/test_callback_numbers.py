"""Call-back numbers: encrypted, for some days, read only with our keys, gone when due."""

from __future__ import annotations

import pytest

from bot.errors import BadInput
from bot.secrets import number_keys
from bot.settings import Settings
from bot.staff.database import StaffDatabase
from bot.staff.numbers import Numbers
from tests.leaks import find_leaks
from tests.staff.conftest import on_both

pytestmark = pytest.mark.asyncio

NUMBER = "13655667788"
DAY = 86400.0
OLD, NEW, FOREIGN = "o" * 40, "n" * 40, "f" * 40


def keys(*secrets: str) -> list[bytes]:
    """Return the keys of an installation that has these secrets set."""
    return number_keys(Settings(number_keys=secrets))


@pytest.fixture
def opened(url):
    """Opens the numbers with secrets, as a process does."""
    databases = []

    def open_with(*secrets: str) -> Numbers:
        databases.append(StaffDatabase(url))
        return Numbers(databases[-1], keys(*secrets), 7)

    yield open_with
    for database in databases:
        database.close()


@on_both
async def test_a_number_stands_in_the_database_only_encrypted(opened, url, tmp_path):
    numbers = opened(NEW)
    await numbers.keep("c-1", NUMBER)
    assert await numbers.show("c-1") == NUMBER
    assert await numbers.hint("c-1") == "136****7788"
    assert find_leaks([NUMBER, NUMBER[-8:], "136****7788"], tmp_path, database_url=url) == []


@on_both
async def test_a_number_given_anew_takes_the_place_of_the_one_before(opened):
    numbers = opened(NEW)
    first = await numbers.keep("c-1", NUMBER)
    assert first.new and not (await numbers.keep("c-1", "+86 136-5566-7788")).new
    assert (await numbers.keep("c-1", "0753-2255667")).new
    assert await numbers.show("c-1") == "07532255667"
    assert await numbers.forget("c-1") == 1 and await numbers.hint("c-1") == ""


async def test_after_its_days_a_number_is_neither_shown_nor_kept(opened, clock):
    numbers = opened(NEW)
    await numbers.keep("c-1", NUMBER)
    clock.pass_(7 * DAY - 1)
    assert await numbers.expire() == 0 and await numbers.show("c-1") == NUMBER
    clock.pass_(2)
    with pytest.raises(BadInput) as caught:
        await numbers.show("c-1")
    assert caught.value.status == 404 and await numbers.hint("c-1") == ""
    assert await numbers.expire() == 1


async def test_keys_are_exchanged_without_losing_a_number(opened):
    await opened(OLD).keep("c-1", NUMBER)
    both = opened(NEW, OLD)
    assert await both.show("c-1") == NUMBER
    await both.keep("c-2", NUMBER)
    assert await opened(NEW).show("c-2") == NUMBER
    with pytest.raises(BadInput, match="密钥") as caught:
        await opened(FOREIGN).show("c-2")
    assert caught.value.status == 409
    assert (await opened(FOREIGN).hint("c-2")).strip("*") == ""  # there is one, and no more


async def test_without_a_setting_the_key_is_generated_once_for_this_installation(
    monkeypatch, tmp_path
):
    monkeypatch.setenv("YIBAO_VAR", str(tmp_path))
    generated = number_keys(Settings())
    assert generated == number_keys(Settings()) and len(generated) == 1
    assert (tmp_path / "secrets" / "number-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("typed, dialled", [
    ("13655667788", NUMBER), (" 136 5566 7788 ", NUMBER), ("+86-136-5566-7788", NUMBER),
    ("008613655667788", NUMBER), ("１３６５５６６７７８８", NUMBER),
    ("(0753) 2255667", "07532255667"),
    ("020-83331234", "02083331234"), ("020-83331234转801", "02083331234-801"),
    ("020-83331234分机801", "02083331234-801"),
])
async def test_numbers_are_read_as_people_write_them(opened, typed, dialled):
    numbers = opened(NEW)
    await numbers.keep("c-1", typed)
    assert await numbers.show("c-1") == dialled


@pytest.mark.parametrize("typed", [
    "", "1365566778", "136556677889", "12345", "12393", "2255667", "12012345678", "400-810-1234",
    "+852 9123 4567", "打给我", "441402198005051234", "<b>", NUMBER + " " * 40,
    "13655667788，13655667799",
])
async def test_what_does_not_ring_in_the_mainland_is_refused_without_being_repeated(opened, typed):
    numbers = opened(NEW)
    with pytest.raises(BadInput) as caught:
        await numbers.keep("c-1", typed)
    assert caught.value.field == "number" and (not typed or typed not in str(caught.value))
    assert await numbers.hint("c-1") == ""
