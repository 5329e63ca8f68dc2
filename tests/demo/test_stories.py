"""The product's numbers find every planted story, knowing only the truth that was kept."""

from datetime import date, timedelta
from statistics import mean, median

from kpi.demo.plan import Plan
from kpi.demo.stories import Stories, draw
from kpi.filters import Filters
from kpi.numbers import Verdict, ask, ask_funnel, effect_of, top_complaints

WEEK = timedelta(days=7)


def weeks_of(start: date, end: date) -> set[str]:
    """The ISO weeks that lie wholly or partly between two days."""
    days = (end - start).days
    return {"{}-W{:02d}".format(*(start + timedelta(n)).isocalendar()[:2]) for n in range(days + 1)}


def numerators(store, kpi: str, filters: Filters, by: str) -> dict[str, float]:
    return {row.by[by]: row.numerator or 0 for row in ask(store, [kpi], filters, [by])}


def between(start: date, end: date, **where) -> Filters:
    return Filters.of(start, end, **where)


def test_the_letter_causes_information_contacts_for_three_weeks(told):
    store, stories = told
    letter = stories.tariff_letter
    around = between(
        letter.starts - 8 * WEEK,
        letter.ends + 6 * WEEK,
        process=[letter.process],
        reason=[letter.reason],
    )
    weekly = numerators(store, "avoidable", around, "week")
    hit = weeks_of(letter.starts + timedelta(1), letter.starts + timedelta(14))
    usual = median(
        n for week, n in weekly.items() if week not in weeks_of(letter.starts, letter.ends)
    )
    assert all(weekly[week] > 4 * usual for week in hit)
    # Over: back to what was usual from the week after.
    after = weeks_of(letter.ends + timedelta(8), letter.ends + timedelta(28))
    assert median(weekly.get(week, 0) for week in after) < 2.5 * max(usual, 2)


def test_the_letter_is_blamed_on_who_wrote_it(told):
    store, stories = told
    letter = stories.tariff_letter
    during = between(letter.starts, letter.ends, process=[letter.process])
    causes = numerators(store, "causer", during, "cause")
    assert max(causes, key=causes.get) == letter.cause
    departments = numerators(store, "causer", during, "causing_department")
    assert max(departments, key=departments.get) == letter.causing_department


def test_the_outage_is_the_busiest_day_for_faults(told):
    store, stories = told
    outage = stories.outage
    year = between(outage.ends - timedelta(200), outage.ends + timedelta(40), process=["fault"])
    daily = numerators(store, "offered_per_hour", year, "day")
    busiest = max(daily, key=daily.get)
    assert outage.starts.isoformat() <= busiest <= (outage.ends + timedelta(1)).isoformat()
    assert daily[busiest] > 5 * median(daily.values())


def test_customers_call_again_during_the_outage(told):
    store, stories = told
    outage = stories.outage
    usual, during = (
        ask(store, ["repeat_contacts"], between(start, end, process=["fault"]))[0]
        for start, end in (
            (outage.starts - 12 * WEEK, outage.starts - timedelta(1)),
            (outage.starts, outage.ends + timedelta(1)),
        )
    )
    assert during.value > usual.value + 10
    assert during.low > 20


def test_the_action_halves_the_contacts_about_order_status(told):
    store, stories = told
    action = stories.action_that_works
    about = {"process": [action.process], "reason": [action.reason]}
    starts = action.starts
    before = numerators(
        store,
        "offered_per_hour",
        between(starts - 11 * WEEK, starts - timedelta(1), **about),
        "week",
    )
    after = numerators(
        store,
        "offered_per_hour",
        between(starts, starts + 9 * WEEK - timedelta(1), **about),
        "week",
    )
    ratio = mean(after.values()) / mean(before.values())
    assert abs(ratio - action.remains) < 0.22


def test_the_other_action_has_no_effect(told):
    store, stories = told
    action = stories.action_without_effect
    of_process = {"process": [action.process]}
    before, after = (
        ask(store, [action.kpi], between(*period, **of_process))[0]
        for period in (
            (action.starts - 12 * WEEK, action.starts - timedelta(1)),
            (action.starts, action.starts + 12 * WEEK),
        )
    )
    assert abs(after.value - before.value) < 6


def test_the_actions_are_judged_as_they_are(told):
    store, stories = told
    actions = [
        row
        for row in store.configuration.versions("actions")
        if row["starts_on"] and not row["retired"]
    ]
    ours = (stories.action_that_works.action, stories.action_without_effect.action)
    verdicts = [
        effect_of(store, row, actions).verdict
        for one in ours
        for row in actions
        if row["action"] == one
    ]
    assert verdicts == [Verdict.BETTER, Verdict.NOT_SHOWN]


def test_the_slow_department_is_the_slowest(told):
    store, stories = told
    results = ask(store, ["lead_time", "within_norm"], Filters(), ["department"])
    lead = {r.by["department"]: r.value for r in results if r.kpi == "lead_time" and r.n >= 100}
    within = {r.by["department"]: r.value for r in results if r.kpi == "within_norm" and r.n >= 100}
    slow = stories.slow_department.department
    assert max(lead, key=lead.get) == slow
    assert min(within, key=within.get) == slow
    others = [value for name, value in lead.items() if name not in (slow, "customer_service")]
    assert lead[slow] > 1.3 * max(others)


def test_customers_without_the_portal_leave_after_the_price_rise(told):
    store, stories = told
    rise = stories.price_rise

    def churn(start: date, end: date) -> dict[str | None, float]:
        return {
            r.by["has_portal"]: r.value
            for r in ask(store, ["churn"], between(start, end), ["has_portal"])
        }

    before = churn(rise.starts - timedelta(60), rise.starts - timedelta(1))
    after = churn(rise.starts, rise.ends)
    without, having = sorted(after, key=lambda group: -after[group])
    assert str(without).lower() in {"no", "false"}
    assert after[without] > 2.5 * before[without]
    assert after[having] < 2.2 * before[having]


def test_the_release_breaks_one_step_of_the_funnel(told):
    store, stories = told
    release = stories.portal_release

    def passes(start: date, end: date) -> dict[str, float]:
        steps = ask_funnel(store, release.funnel, between(start, end))
        return {step.step: step.share_of_previous for step in steps}

    before = passes(release.starts - 12 * WEEK, release.starts - timedelta(4))
    during = passes(release.starts + timedelta(1), release.ends - timedelta(1))
    fall = {step: during[step] / before[step] for step in before if before[step]}
    assert min(fall, key=fall.get) == release.step
    assert fall[release.step] < 0.7
    assert all(
        share > fall[release.step] + 0.25 for step, share in fall.items() if step != release.step
    )


def test_the_release_sends_people_to_the_phone(told):
    store, stories = told
    release = stories.portal_release
    days = (release.ends - release.starts).days + 1

    def calls(start: date) -> float:
        filters = between(start, start + timedelta(days - 1), channel=["phone"])
        return numerators(store, "causer", filters, "cause").get(release.cause, 0)

    usual = mean(calls(release.starts - timedelta(days * back)) for back in (1, 2, 3))
    assert calls(release.starts) > 1.6 * usual


def test_complaints_about_late_delivery_rise(told):
    store, stories = told
    late = stories.late_delivery
    top = top_complaints(store, between(late.ends - timedelta(27), late.ends))
    assert top.rows[0].reason == late.reason
    assert top.risers[0].reason == late.reason
    earlier = top_complaints(
        store, between(late.starts - timedelta(28), late.starts - timedelta(1))
    )
    usual = {row.reason: row.n for row in earlier.rows}[late.reason]
    assert top.rows[0].n > 1.6 * usual


def test_truth_survives_json():
    stories = draw(Plan(until=date(2026, 3, 1), seed=4))
    assert Stories.from_list(stories.to_list()) == stories


def test_stories_follow_the_seed_and_lie_inside_the_demo():
    drawn = set()
    for seed in range(40):
        plan = Plan(until=date(2026, 3, 1), seed=seed)
        stories = draw(plan)
        for story in stories:
            starts = getattr(story, "starts", plan.since)
            assert plan.since <= starts <= getattr(story, "ends", plan.until) <= plan.until
        drawn.add((stories.tariff_letter.starts, stories.slow_department.department))
    assert len(drawn) > 20


def test_the_shortest_demo_has_room_for_every_story():
    for seed in range(20):
        plan = Plan(until=date(2026, 3, 1), seed=seed, months=6, customers=500)
        for story in draw(plan):
            assert plan.since <= getattr(story, "starts", plan.since)
            assert getattr(story, "ends", plan.until) <= plan.until
