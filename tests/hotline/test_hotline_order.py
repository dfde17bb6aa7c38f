"""The order of a session's arrivals: late, doubled, swapped, missing; a pure function of them."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from connectors.hotline12345.order import (
    DOUBLE,
    LATE,
    MOST_HELD,
    NEW,
    OTHER_CONTENT,
    OTHER_ID,
    Arrival,
    Order,
)

GAP = 5.0


def arrival(seq: int, text: str = "你好", arrival_id: str = "") -> Arrival:
    return Arrival(arrival_id or f"m-{seq}", seq, {"text": text, "shown": text})


class Line:
    """A session's order, as the connector uses it, on a clock of its own."""

    def __init__(self) -> None:
        self.data: dict = {}
        self.now = 1000.0

    @property
    def order(self) -> Order:
        # Kept as JSON in between, as the record is.
        self.data = json.loads(json.dumps(self.data))
        return Order(self.data, GAP)

    def send(self, seq: int, **more: str) -> list[int]:
        """Let an arrival come; return the numbers whose turn it is then."""
        order, came = self.order, arrival(seq, **more)
        kind = order.kind(came)
        if kind in (NEW, LATE):
            order.take(came, self.now)
        return self.turns(order)

    def turns(self, order: Order | None = None) -> list[int]:
        order = order or self.order
        done = []
        for one in order.due(self.now):
            order.done(one.id, {"status": "answered"})
            done.append(one.seq)
        return done


def test_in_order_each_has_its_turn_at_once():
    line = Line()
    assert [line.send(n) for n in (1, 2, 3)] == [[1], [2], [3]]


def test_swapped_ones_are_put_right():
    line = Line()
    assert line.send(2) == [] and line.order.missing == [1]
    assert line.send(1) == [1, 2] and line.order.missing == []


def test_several_missing_are_named_and_waited_for():
    line = Line()
    line.send(1)
    assert line.send(4) == [] and line.order.missing == [2, 3]
    assert line.send(3) == [] and line.order.missing == [2]
    assert line.send(2) == [2, 3, 4]


def test_a_missing_one_is_given_up_after_the_gap_and_not_before():
    line = Line()
    line.send(2)
    line.now += GAP - 0.1
    assert line.turns() == [] and line.order.deadline == 1000.0 + GAP
    line.now += 0.1
    assert line.turns() == [2] and line.order.next == 3 and line.order.deadline is None


def test_a_second_gap_waits_for_itself():
    line = Line()
    line.send(2)
    line.now += 4
    line.send(4)
    line.now += 1
    assert line.turns() == [2] and line.order.missing == [3]
    line.now += 4
    assert line.turns() == [4]


def test_what_was_given_up_is_late_when_it_comes_and_a_double_afterwards():
    line = Line()
    line.send(2)
    line.now += GAP
    line.turns()
    assert line.order.kind(arrival(1)) == LATE
    assert line.send(1) == []
    assert line.order.kind(arrival(1)) == DOUBLE and line.order.next == 3


def test_a_double_is_known_while_it_is_held_and_after_its_turn():
    line = Line()
    line.send(2)
    order = line.order
    assert order.kind(arrival(2)) == DOUBLE and order.result("m-2") is None
    line.send(1)
    assert line.order.kind(arrival(2)) == DOUBLE
    assert line.order.result("m-2") == {"status": "answered"}


def test_an_id_stands_for_one_content_and_one_number():
    line = Line()
    line.send(1)
    assert line.order.kind(arrival(1, "别的")) == OTHER_CONTENT
    assert line.order.kind(arrival(2, arrival_id="m-1")) == OTHER_CONTENT


def test_a_number_stands_for_one_id_held_or_not():
    line = Line()
    line.send(1)
    line.send(3)
    assert line.order.kind(arrival(1, arrival_id="x")) == OTHER_ID
    assert line.order.kind(arrival(3, arrival_id="y")) == OTHER_ID


def test_what_we_show_of_it_is_no_part_of_what_was_sent():
    one = Arrival("m", 1, {"text": "choice:abcdefghij", "shown": "退休人员"})
    other = Arrival("m", 1, {"text": "choice:abcdefghij", "shown": "之前的按钮"})
    assert one.digest == other.digest


def test_no_more_are_held_than_allowed():
    line = Line()
    turns = [line.send(n) for n in range(2, MOST_HELD + 3)]
    assert turns[:-1] == [[]] * MOST_HELD and turns[-1] == list(range(2, MOST_HELD + 3))


def test_a_far_number_costs_nothing():
    line = Line()
    line.send(1_000_000)
    assert len(line.order.missing) == 20
    line.now += GAP
    assert line.turns() == [1_000_000]


@given(st.permutations(range(1, 13)), st.data())
def test_whatever_the_order_and_the_doubles_each_has_one_turn_and_in_order(numbers, data):
    line, turns = Line(), []
    for n in numbers:
        for _ in range(data.draw(st.integers(1, 2))):
            turns += line.send(n)
    assert turns == list(range(1, 13))


@given(st.permutations(range(1, 13)), st.data())
def test_with_time_passing_nothing_has_two_turns_and_nothing_overtakes(numbers, data):
    line, turns = Line(), []
    for n in numbers:
        line.now += data.draw(st.sampled_from([0, 1, 3, 6]))
        turns += line.turns() + line.send(n)
    line.now += GAP
    turns += line.turns()
    assert turns == sorted(set(turns))
    late = [n for n in range(1, 13) if n not in turns]
    assert all(line.order.result(f"m-{n}") is None for n in late)
