"""What was said on social media and in contacts, with the sentiment that somebody gave it.

No text is read here: the source's own sentiment and the employee's emotion code are all there is.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.schema import Type
from kpi.sql import Expression, day_of, first_known, folded, text_or_null
from kpi.store.prepare.days import to_local
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.versions import counts_on, histories, read
from kpi.store.prepare.words import look_up, meanings
from kpi.tables import table

NEGATIVE, NEUTRAL, POSITIVE = "negative", "neutral", "positive"
#: Emotion codes understood without configuration (folded). Others are mapped in the codes, to one
#: of these or to negative, neutral or positive; what nobody mapped has no sentiment.
EMOTIONS = {
    NEGATIVE: (
        "negative", "negatief", "angry", "boos", "kwaad", "furious", "woedend", "annoyed",
        "irritated", "geïrriteerd", "geirriteerd", "frustrated", "gefrustreerd", "disappointed",
        "teleurgesteld", "worried", "bezorgd", "ongerust", "sad", "verdrietig", "dissatisfied",
        "ontevreden", "unhappy", "upset",
    ),
    NEUTRAL: ("neutral", "neutraal", "calm", "rustig", "kalm"),
    POSITIVE: (
        "positive", "positief", "happy", "blij", "satisfied", "tevreden", "grateful", "dankbaar",
        "relieved", "opgelucht", "enthusiastic", "enthousiast", "friendly", "vriendelijk",
    ),
}  # fmt: skip
#: The same by word: what sentiment it tells of.
SENTIMENT_OF = {word: sentiment for sentiment, words in EMOTIONS.items() for word in words}
#: Where a text comes from, when it is not a platform that has a name.
CONTACT, SOCIAL = "contact", "social"
_CODES = {
    "word": Type.TEXT,
    "valid_from": Type.DATE,
    "valid_until": Type.DATE,
    "understood": Type.TEXT,
}


def refill_texts(steps: Steps, words: sa.Table) -> None:
    """Fill PREPARED_TEXTS: posts, and inbound contacts with a text or an emotion."""
    both = sa.union_all(_posts(words), _contacts(steps, _codes(steps))).subquery("texts")
    filled = table("prepared_texts")
    steps.refill(filled, {column.name: both.c[column.name] for column in filled.c}, both)


def _codes(steps: Steps) -> sa.Table:
    """Emotion codes with what they were mapped to, and when."""
    codes = [row for row in read(steps.connection, "codes") if row["dictionary"] == "emotion"]
    found = meanings("emotion", [], list(histories("codes", codes)))
    rows = [(one.word, one.valid_from, one.valid_until, one.understood) for one in found]
    return steps.hold("emotion_codes", _CODES, rows)


def _posts(words: sa.Table) -> sa.Select[Any]:
    posts = table("posts")
    posted = to_local(posts.c.posted_at)
    process = look_up(words, "process", posts.c.process, day_of(posted.time))
    return sa.select(
        sa.func.concat("post ", posts.c.post_id).label("text_id"),
        day_of(posted.time).label("day"),
        sa.func.coalesce(text_or_null(posts.c.source), SOCIAL).label("source"),
        process.understood.label("process"),
        sa.literal(SOCIAL).label("channel"),
        sa.cast(sa.null(), sa.Text()).label("reason"),
        text_or_null(posts.c.sentiment).label("sentiment"),
        posts.c.import_id,
    ).select_from(
        posts.outerjoin(posted.offsets, posted.condition).outerjoin(
            process.words, process.condition
        )
    )


def _contacts(steps: Steps, codes: sa.Table) -> sa.Select[Any]:
    """Contacts of which a leg has a text or an emotion; the first leg with a sentiment gives it."""
    raw, legs, contacts = table("contacts"), table("prepared_legs"), table("prepared_contacts")
    contact_id = sa.func.coalesce(legs.c.contact_id, raw.c.contact_id)
    # Mostly few, if any: held, so that the million contacts are not made ready to be found by them.
    said = steps.make(
        "texts_said",
        sa.select(
            contact_id.label("contact_id"),
            raw.c.emotion,
            sa.func.row_number()
            .over(partition_by=contact_id, order_by=[raw.c.started_at, raw.c.contact_id])
            .label("place"),
        )
        .select_from(raw.outerjoin(legs, legs.c.leg_id == raw.c.contact_id))
        .where(sa.or_(text_or_null(raw.c.text).is_not(None), folded(raw.c.emotion).is_not(None))),
    )
    understood = (
        sa.select(
            contacts.c.contact_id,
            said.c.place,
            _sentiment(sa.func.coalesce(folded(codes.c.understood), folded(said.c.emotion))).label(
                "sentiment"
            ),
        )
        .select_from(
            contacts.join(said, said.c.contact_id == contacts.c.contact_id).outerjoin(
                codes,
                sa.and_(
                    codes.c.word == folded(said.c.emotion),
                    counts_on(codes, contacts.c.started_day),
                ),
            )
        )
        .where(contacts.c.inbound)
        .subquery("understood")
    )
    given = (
        sa.select(
            understood.c.contact_id,
            first_known(understood.c.sentiment, understood.c.place).label("sentiment"),
        )
        .group_by(understood.c.contact_id)
        .subquery("given")
    )
    return sa.select(
        sa.func.concat("contact ", contacts.c.contact_id).label("text_id"),
        contacts.c.started_day.label("day"),
        sa.literal(CONTACT).label("source"),
        contacts.c.process,
        contacts.c.channel,
        contacts.c.reason,
        given.c.sentiment,
        contacts.c.import_id,
    ).join_from(contacts, given, given.c.contact_id == contacts.c.contact_id)


def _sentiment(emotion: Expression) -> Expression:
    return sa.case(*((emotion.in_(words), sentiment) for sentiment, words in EMOTIONS.items()))
