"""Eight actors ask, answer, withdraw, cancel, ship, pay and refund in any order, also at once: a balance is the sum of
its lines and never below zero, nobody pays or is refunded twice, every invariant holds after every step (P1–P12).
"""

from collections import Counter
from contextlib import suppress
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.orders.eight import DEEDS, Nothing, Office, in_a_savepoint
from tests.racing import at_once
from velory import clock
from velory.journal.invariants import findings

EXAMPLES, STEPS, TURNS = 6, 20, 10
STEP = st.tuples(st.sampled_from(DEEDS), st.integers(0, 10**6))


def test_whatever_eight_do_in_whatever_order_all_of_it_holds(stripe, at):
    began, reached = clock.now(), Counter()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(STEP, min_size=STEPS, max_size=STEPS))
    def any_order(steps):
        def play():
            stripe.reset()
            at(began)
            office = Office(stripe)
            office.begin(Random(0).choice)
            for deed, number in steps:
                office.act(Random(number).choice, deed)
                office.check()
            office.bring_to_an_end()
            reached.update(office.done)

        in_a_savepoint(play)

    any_order()
    assert {"ask", "approve", "charge", "cancel_what_is_open"} <= set(reached), "too little of it happened"


@pytest.mark.races
def test_eight_at_once_with_a_worker_beside_them(race_company, stripe):
    """Really at once, each on a connection of their own."""
    office = Office(stripe)
    office.begin(Random(0).choice)

    def act(number):
        random, done = Random(number), Counter()
        for _turn in range(TURNS):
            with suppress(Nothing):
                done[office.tried(random.choice(DEEDS), random.choice)] += 1
        return done

    said = at_once(race_company, 8, act)

    assert [fault for fault in said if isinstance(fault, Exception)] == []
    office.bring_to_an_end()
    assert findings() == []
