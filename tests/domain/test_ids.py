"""Ids cannot be guessed and grow with time."""

import time
import uuid

from domain.ids import new_id


def test_ids_are_version_7_uuids_in_canonical_text():
    """RFC 9562."""
    for _ in range(200):
        text = new_id()
        parsed = uuid.UUID(text)
        assert str(parsed) == text
        assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)


def test_ids_carry_the_time_and_grow_with_it():
    before = time.time_ns() // 1_000_000
    first = new_id()
    time.sleep(0.002)
    second = new_id()
    after = time.time_ns() // 1_000_000

    assert first < second
    assert before <= uuid.UUID(first).int >> 80 <= after


def test_ids_of_one_millisecond_share_nothing_else():
    ids = [new_id() for _ in range(2000)]

    assert len(set(ids)) == 2000
    assert len({one[-12:] for one in ids}) == 2000
