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
