-- Version 3. Never change this once a store of it may exist.

CREATE TABLE "goals" (
    "goal" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title_nl" TEXT,
    "title_en" TEXT,
    "position" BIGINT,
    "kpi" TEXT,
    "direction" TEXT,
    "target" DOUBLE PRECISION,
    "year" BIGINT,
    "kpis" TEXT,
    "owner" TEXT,
    "sample" BOOLEAN,
    "retired" BOOLEAN
);

CREATE TABLE "explanations" (
    "process" TEXT NOT NULL,
    "kpi" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "text" TEXT,
    "author" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "decisions" (
    "decision" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "process" TEXT,
    "decided_on" DATE,
    "text" TEXT,
    "owner" TEXT,
    "due" DATE,
    "action" TEXT,
    "state" TEXT,
    "outcome" TEXT,
    "retired" BOOLEAN
);
CREATE TABLE "expected_feeds" (
    "profile" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "every" DOUBLE PRECISION,
    "unit" TEXT,
    "by_time" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "import_tokens" (
    "token_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "made_at" TIMESTAMP,
    "made_by" TEXT,
    "used_at" TIMESTAMP,
    "revoked_at" TIMESTAMP,
    "revoked_by" TEXT
);

CREATE TABLE "failed_loads" (
    "failure_id" BIGINT NOT NULL,
    "failed_at" TIMESTAMP,
    "file" TEXT,
    "hash" TEXT,
    "profile" TEXT,
    "way" TEXT,
    "reason" TEXT,
    "settled_at" TIMESTAMP,
    "settled_by" TEXT
);


CREATE TABLE "alerts" (
    "alert" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title" TEXT,
    "condition" TEXT,
    "kpi" TEXT,
    "process" TEXT,
    "channel" TEXT,
    "reason" TEXT,
    "bound" DOUBLE PRECISION,
    "days" BIGINT,
    "pending_days" BIGINT,
    "band" DOUBLE PRECISION,
    "least_n" BIGINT,
    "calendar" TEXT,
    "owner" TEXT,
    "recipients" TEXT,
    "language" TEXT,
    "mode" TEXT,
    "snoozed_until" DATE,
    "retired" BOOLEAN
);

CREATE TABLE "digests" (
    "digest" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title" TEXT,
    "frequency" TEXT,
    "weekday" BIGINT,
    "at" TEXT,
    "processes" TEXT,
    "recipients" TEXT,
    "language" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "alert_states" (
    "alert" TEXT NOT NULL,
    "phase" TEXT,
    "since" DATE,
    "day" DATE,
    "known" BOOLEAN,
    "seen" TEXT,
    "rule" TEXT,
    "looked_at" TIMESTAMP
);

CREATE TABLE "messages" (
    "message_id" BIGINT NOT NULL,
    "kind" TEXT,
    "about" TEXT,
    "thing" TEXT,
    "recipient" TEXT,
    "state" TEXT,
    "tries" BIGINT,
    "made_at" TIMESTAMP,
    "next_at" TIMESTAMP,
    "sent_at" TIMESTAMP,
    "problem" TEXT,
    "subject" TEXT,
    "text" TEXT,
    "html" TEXT
);

CREATE TABLE "import_readings" (
    "import_id" BIGINT NOT NULL,
    "profile_text" TEXT,
    "header" TEXT,
    "kind" TEXT
);

CREATE TABLE "import_totals" (
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "position" BIGINT NOT NULL,
    "column_name" TEXT,
    "kind" TEXT,
    "value" TEXT,
    "rows" BIGINT,
    "amount" DOUBLE PRECISION
);

CREATE TABLE "import_findings" (
    "import_id" BIGINT NOT NULL,
    "position" BIGINT NOT NULL,
    "kind" TEXT,
    "severity" TEXT,
    "table_name" TEXT,
    "column_name" TEXT,
    "rows" BIGINT,
    "content" TEXT
);
CREATE TABLE "hour_rates" (
    "channel" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "rate" DOUBLE PRECISION,
    "rate_sample" BOOLEAN,
    "retired" BOOLEAN
);

CREATE TABLE "devices" (
    "device_id" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "screen" TEXT,
    "paired_at" TIMESTAMP,
    "paired_by" TEXT,
    "revoked_at" TIMESTAMP,
    "revoked_by" TEXT
);
