-- Version 1: the tables as they first were. A store may exist: never change this file.
CREATE TABLE "customers" (
    "customer_id" TEXT NOT NULL,
    "customer_since" DATE NOT NULL,
    "customer_until" DATE,
    "notice_at" DATE,
    "end_reason" TEXT,
    "has_portal" BOOLEAN,
    "value_class" TEXT,
    "segment" TEXT,
    "import_id" BIGINT NOT NULL
);

CREATE TABLE "identities" (
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "import_id" BIGINT NOT NULL
);

CREATE TABLE "holdings" (
    "holding_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "product" TEXT NOT NULL,
    "started" DATE NOT NULL,
    "ended" DATE,
    "sold_at" TIMESTAMP,
    "sold_channel" TEXT,
    "annulled_at" TIMESTAMP,
    "import_id" BIGINT NOT NULL
);

CREATE TABLE "cases" (
    "case_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "process" TEXT,
    "reason" TEXT,
    "opened_at" TIMESTAMP NOT NULL,
    "first_response_at" TIMESTAMP,
    "closed_at" TIMESTAMP,
    "due_at" TIMESTAMP,
    "promised_for" TIMESTAMP,
    "status" TEXT NOT NULL,
    "outcome" TEXT,
    "department" TEXT,
    "line" BIGINT,
    "opened_channel" TEXT,
    "merged_into" TEXT,
    "updated_at" TIMESTAMP,
    "import_id" BIGINT NOT NULL
);

CREATE TABLE "contacts" (
    "contact_id" TEXT NOT NULL,
    "root_id" TEXT,
    "customer_id" TEXT,
    "case_id" TEXT,
    "process" TEXT,
    "started_at" TIMESTAMP NOT NULL,
    "answered_at" TIMESTAMP,
    "channel" TEXT NOT NULL,
    "direction" TEXT,
    "reason" TEXT,
    "category" TEXT,
    "cause" TEXT,
    "causing_department" TEXT,
    "moment" TEXT,
    "wait_s" DOUBLE PRECISION,
    "talk_s" DOUBLE PRECISION,
    "hold_s" DOUBLE PRECISION,
    "wrap_s" DOUBLE PRECISION,
    "handle_s" DOUBLE PRECISION,
    "abandoned" BOOLEAN,
    "transferred_to" TEXT,
    "agent_id" TEXT,
    "emotion" TEXT,
    "text" TEXT,
    "updated_at" TIMESTAMP,
    "import_id" BIGINT NOT NULL
);

CREATE TABLE "chain_events" (
    "event_id" TEXT NOT NULL,
    "case_id" TEXT,
    "customer_id" TEXT,
    "process" TEXT,
    "occurred_at" TIMESTAMP NOT NULL,
    "ended_at" TIMESTAMP,
    "kind" TEXT NOT NULL,
    "value" TEXT,
    "department" TEXT,
    "import_id" BIGINT NOT NULL
);

CREATE TABLE "surveys" (
    "response_id" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "score" DOUBLE PRECISION,
    "comment" TEXT,
    "level" TEXT,
    "invited_at" TIMESTAMP,
    "delivered" BOOLEAN,
    "responded_at" TIMESTAMP,
    "contact_id" TEXT,
    "case_id" TEXT,
    "customer_id" TEXT,
    "process" TEXT,
    "moment" TEXT,
    "import_id" BIGINT NOT NULL
);

CREATE TABLE "web_events" (
    "entity_id" TEXT NOT NULL,
    "funnel" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "customer_id" TEXT,
    "import_id" BIGINT NOT NULL
);

CREATE TABLE "staffing" (
    "date" DATE NOT NULL,
    "process" TEXT NOT NULL,
    "staffed_hours" DOUBLE PRECISION NOT NULL,
    "import_id" BIGINT NOT NULL
);

CREATE TABLE "totals" (
    "period_start" DATE NOT NULL,
    "metric" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "import_id" BIGINT NOT NULL
);

CREATE TABLE "posts" (
    "post_id" TEXT NOT NULL,
    "posted_at" TIMESTAMP NOT NULL,
    "text" TEXT NOT NULL,
    "source" TEXT,
    "sentiment" TEXT,
    "process" TEXT,
    "import_id" BIGINT NOT NULL
);

CREATE TABLE "quality_reviews" (
    "review_id" TEXT NOT NULL,
    "reviewed_at" TIMESTAMP NOT NULL,
    "contact_id" TEXT,
    "process" TEXT,
    "agent_id" TEXT,
    "score" DOUBLE PRECISION NOT NULL,
    "remark" TEXT,
    "import_id" BIGINT NOT NULL
);

CREATE TABLE "processes" (
    "process" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title_nl" TEXT,
    "title_en" TEXT,
    "owner" TEXT,
    "position" BIGINT,
    "norm" DOUBLE PRECISION,
    "norm_unit" TEXT,
    "calendar" TEXT,
    "survey_scale" TEXT,
    "colour" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "moments" (
    "process" TEXT NOT NULL,
    "moment" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title_nl" TEXT,
    "title_en" TEXT,
    "position" BIGINT,
    "phase" TEXT,
    "optional" BOOLEAN,
    "owner" TEXT,
    "supervisor" TEXT,
    "goal" TEXT,
    "information" TEXT,
    "experience" TEXT,
    "message" TEXT,
    "channels" TEXT,
    "cost" DOUBLE PRECISION,
    "effort" DOUBLE PRECISION,
    "known" BOOLEAN,
    "able" BOOLEAN,
    "supported" BOOLEAN,
    "retired" BOOLEAN
);

CREATE TABLE "reasons" (
    "reason" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title_nl" TEXT,
    "title_en" TEXT,
    "process" TEXT,
    "kind" TEXT,
    "category" TEXT,
    "cause" TEXT,
    "parent" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "causes" (
    "cause" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title_nl" TEXT,
    "title_en" TEXT,
    "department" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "departments" (
    "department" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title_nl" TEXT,
    "title_en" TEXT,
    "line" BIGINT,
    "retired" BOOLEAN
);

CREATE TABLE "channels" (
    "channel" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title_nl" TEXT,
    "title_en" TEXT,
    "live" BOOLEAN,
    "online" BOOLEAN,
    "unit_cost" DOUBLE PRECISION,
    "unit_cost_sample" BOOLEAN,
    "position" BIGINT,
    "retired" BOOLEAN
);

CREATE TABLE "channel_strategy" (
    "reason" TEXT NOT NULL,
    "value_class" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "preferred" TEXT,
    "supporting" TEXT,
    "discouraged" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "calendars" (
    "calendar" TEXT NOT NULL,
    "weekday" BIGINT NOT NULL,
    "valid_from" DATE NOT NULL,
    "opens" TEXT,
    "closes" TEXT,
    "keeps_holidays" BOOLEAN,
    "retired" BOOLEAN
);

CREATE TABLE "holidays" (
    "calendar" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "valid_from" DATE NOT NULL,
    "name" TEXT,
    "closed" BOOLEAN,
    "retired" BOOLEAN
);

CREATE TABLE "targets" (
    "kpi" TEXT NOT NULL,
    "process" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "value" DOUBLE PRECISION,
    "owner" TEXT,
    "sample" BOOLEAN,
    "retired" BOOLEAN
);

CREATE TABLE "codes" (
    "dictionary" TEXT NOT NULL,
    "as_came" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "understood" TEXT,
    "ignored" BOOLEAN,
    "retired" BOOLEAN
);

CREATE TABLE "roles" (
    "role" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title_nl" TEXT,
    "title_en" TEXT,
    "rights" TEXT,
    "processes" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "announcements" (
    "announcement" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "kind" TEXT,
    "title_nl" TEXT,
    "title_en" TEXT,
    "body_nl" TEXT,
    "body_en" TEXT,
    "starts_at" TIMESTAMP,
    "ends_at" TIMESTAMP,
    "processes" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "actions" (
    "action" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title" TEXT,
    "process" TEXT,
    "moment" TEXT,
    "reason" TEXT,
    "cause" TEXT,
    "kpi" TEXT,
    "direction" TEXT,
    "target" DOUBLE PRECISION,
    "starts_on" DATE,
    "stops_on" DATE,
    "owner" TEXT,
    "department" TEXT,
    "state" TEXT,
    "result" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "staff_signals" (
    "signal" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "process" TEXT,
    "moment" TEXT,
    "text" TEXT,
    "department" TEXT,
    "hinders" BOOLEAN,
    "state" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "blueprints" (
    "process" TEXT NOT NULL,
    "moment" TEXT NOT NULL,
    "layer" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "text" TEXT,
    "department" TEXT,
    "channel" TEXT,
    "audience" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "funnels" (
    "funnel" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title_nl" TEXT,
    "title_en" TEXT,
    "position" BIGINT,
    "entity" TEXT,
    "process" TEXT,
    "kind" TEXT,
    "window_days" DOUBLE PRECISION,
    "retired" BOOLEAN
);

CREATE TABLE "screens" (
    "screen" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "title_nl" TEXT,
    "title_en" TEXT,
    "views" TEXT,
    "seconds" BIGINT,
    "processes" TEXT,
    "language" TEXT,
    "theme" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "source_links" (
    "table_name" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "url_template" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "feed_profiles" (
    "profile" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "toml" TEXT,
    "file_pattern" TEXT,
    "retired" BOOLEAN
);

CREATE TABLE "store" (
    "name" TEXT NOT NULL,
    "value" TEXT
);

CREATE TABLE "imports" (
    "import_id" BIGINT NOT NULL,
    "file" TEXT,
    "hash" TEXT,
    "profile" TEXT,
    "profile_hash" TEXT,
    "who" TEXT,
    "loaded_at" TIMESTAMP,
    "rows" BIGINT,
    "accepted" BIGINT,
    "updated" BIGINT,
    "unchanged" BIGINT,
    "left_out" BIGINT,
    "quarantined" BIGINT,
    "as_of" TIMESTAMP,
    "warnings" TEXT,
    "undone_at" TIMESTAMP,
    "undone_by" TEXT
);

CREATE TABLE "import_feeds" (
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "table_name" TEXT,
    "columns" TEXT,
    "rows" BIGINT,
    "accepted" BIGINT,
    "updated" BIGINT,
    "unchanged" BIGINT,
    "left_out" BIGINT,
    "quarantined" BIGINT,
    "as_of" TIMESTAMP,
    "first_fact" TIMESTAMP,
    "last_fact" TIMESTAMP
);

CREATE TABLE "quarantined" (
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "row_number" BIGINT NOT NULL,
    "position" BIGINT NOT NULL,
    "column_name" TEXT,
    "value" TEXT,
    "reason" TEXT,
    "raw" TEXT
);

CREATE TABLE "month_end_values" (
    "kpi" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "process" TEXT NOT NULL,
    "value" DOUBLE PRECISION,
    "numerator" DOUBLE PRECISION,
    "denominator" DOUBLE PRECISION,
    "n" BIGINT,
    "as_of" TIMESTAMP,
    "data_version" BIGINT,
    "kept_at" TIMESTAMP
);

CREATE TABLE "change_log" (
    "change_id" BIGINT NOT NULL,
    "changed_at" TIMESTAMP,
    "who" TEXT,
    "table_name" TEXT,
    "row_key" TEXT,
    "before" TEXT,
    "after" TEXT
);

CREATE TABLE "access_log" (
    "access_id" BIGINT NOT NULL,
    "at" TIMESTAMP,
    "who" TEXT,
    "what" TEXT,
    "subject" TEXT
);

CREATE TABLE "customers_before" (
    "customer_id" TEXT NOT NULL,
    "customer_since" DATE NOT NULL,
    "customer_until" DATE,
    "notice_at" DATE,
    "end_reason" TEXT,
    "has_portal" BOOLEAN,
    "value_class" TEXT,
    "segment" TEXT,
    "import_id" BIGINT NOT NULL,
    "replaced_by" BIGINT NOT NULL
);

CREATE TABLE "customers_seen" (
    "customer_id" TEXT NOT NULL,
    "customer_since" DATE NOT NULL,
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL
);

CREATE TABLE "identities_before" (
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "import_id" BIGINT NOT NULL,
    "replaced_by" BIGINT NOT NULL
);

CREATE TABLE "identities_seen" (
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL
);

CREATE TABLE "holdings_before" (
    "holding_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "product" TEXT NOT NULL,
    "started" DATE NOT NULL,
    "ended" DATE,
    "sold_at" TIMESTAMP,
    "sold_channel" TEXT,
    "annulled_at" TIMESTAMP,
    "import_id" BIGINT NOT NULL,
    "replaced_by" BIGINT NOT NULL
);

CREATE TABLE "holdings_seen" (
    "holding_id" TEXT NOT NULL,
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL
);

CREATE TABLE "cases_before" (
    "case_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "process" TEXT,
    "reason" TEXT,
    "opened_at" TIMESTAMP NOT NULL,
    "first_response_at" TIMESTAMP,
    "closed_at" TIMESTAMP,
    "due_at" TIMESTAMP,
    "promised_for" TIMESTAMP,
    "status" TEXT NOT NULL,
    "outcome" TEXT,
    "department" TEXT,
    "line" BIGINT,
    "opened_channel" TEXT,
    "merged_into" TEXT,
    "updated_at" TIMESTAMP,
    "import_id" BIGINT NOT NULL,
    "replaced_by" BIGINT NOT NULL
);

CREATE TABLE "cases_seen" (
    "case_id" TEXT NOT NULL,
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL
);

CREATE TABLE "contacts_before" (
    "contact_id" TEXT NOT NULL,
    "root_id" TEXT,
    "customer_id" TEXT,
    "case_id" TEXT,
    "process" TEXT,
    "started_at" TIMESTAMP NOT NULL,
    "answered_at" TIMESTAMP,
    "channel" TEXT NOT NULL,
    "direction" TEXT,
    "reason" TEXT,
    "category" TEXT,
    "cause" TEXT,
    "causing_department" TEXT,
    "moment" TEXT,
    "wait_s" DOUBLE PRECISION,
    "talk_s" DOUBLE PRECISION,
    "hold_s" DOUBLE PRECISION,
    "wrap_s" DOUBLE PRECISION,
    "handle_s" DOUBLE PRECISION,
    "abandoned" BOOLEAN,
    "transferred_to" TEXT,
    "agent_id" TEXT,
    "emotion" TEXT,
    "text" TEXT,
    "updated_at" TIMESTAMP,
    "import_id" BIGINT NOT NULL,
    "replaced_by" BIGINT NOT NULL
);

CREATE TABLE "contacts_seen" (
    "contact_id" TEXT NOT NULL,
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL
);

CREATE TABLE "chain_events_before" (
    "event_id" TEXT NOT NULL,
    "case_id" TEXT,
    "customer_id" TEXT,
    "process" TEXT,
    "occurred_at" TIMESTAMP NOT NULL,
    "ended_at" TIMESTAMP,
    "kind" TEXT NOT NULL,
    "value" TEXT,
    "department" TEXT,
    "import_id" BIGINT NOT NULL,
    "replaced_by" BIGINT NOT NULL
);

CREATE TABLE "chain_events_seen" (
    "event_id" TEXT NOT NULL,
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL
);

CREATE TABLE "surveys_before" (
    "response_id" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "score" DOUBLE PRECISION,
    "comment" TEXT,
    "level" TEXT,
    "invited_at" TIMESTAMP,
    "delivered" BOOLEAN,
    "responded_at" TIMESTAMP,
    "contact_id" TEXT,
    "case_id" TEXT,
    "customer_id" TEXT,
    "process" TEXT,
    "moment" TEXT,
    "import_id" BIGINT NOT NULL,
    "replaced_by" BIGINT NOT NULL
);

CREATE TABLE "surveys_seen" (
    "response_id" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL
);

CREATE TABLE "web_events_before" (
    "entity_id" TEXT NOT NULL,
    "funnel" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "customer_id" TEXT,
    "import_id" BIGINT NOT NULL,
    "replaced_by" BIGINT NOT NULL
);

CREATE TABLE "web_events_seen" (
    "entity_id" TEXT NOT NULL,
    "funnel" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL
);

CREATE TABLE "staffing_before" (
    "date" DATE NOT NULL,
    "process" TEXT NOT NULL,
    "staffed_hours" DOUBLE PRECISION NOT NULL,
    "import_id" BIGINT NOT NULL,
    "replaced_by" BIGINT NOT NULL
);

CREATE TABLE "staffing_seen" (
    "date" DATE NOT NULL,
    "process" TEXT NOT NULL,
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL
);

CREATE TABLE "totals_before" (
    "period_start" DATE NOT NULL,
    "metric" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "import_id" BIGINT NOT NULL,
    "replaced_by" BIGINT NOT NULL
);

CREATE TABLE "totals_seen" (
    "period_start" DATE NOT NULL,
    "metric" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL
);

CREATE TABLE "posts_before" (
    "post_id" TEXT NOT NULL,
    "posted_at" TIMESTAMP NOT NULL,
    "text" TEXT NOT NULL,
    "source" TEXT,
    "sentiment" TEXT,
    "process" TEXT,
    "import_id" BIGINT NOT NULL,
    "replaced_by" BIGINT NOT NULL
);

CREATE TABLE "posts_seen" (
    "post_id" TEXT NOT NULL,
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL
);

CREATE TABLE "quality_reviews_before" (
    "review_id" TEXT NOT NULL,
    "reviewed_at" TIMESTAMP NOT NULL,
    "contact_id" TEXT,
    "process" TEXT,
    "agent_id" TEXT,
    "score" DOUBLE PRECISION NOT NULL,
    "remark" TEXT,
    "import_id" BIGINT NOT NULL,
    "replaced_by" BIGINT NOT NULL
);

CREATE TABLE "quality_reviews_seen" (
    "review_id" TEXT NOT NULL,
    "import_id" BIGINT NOT NULL,
    "feed" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL
);
