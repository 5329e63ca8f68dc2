-- Version 2: month-end values are kept with their interval and the latest import. Never change this.
ALTER TABLE "month_end_values" ADD COLUMN "low" DOUBLE PRECISION;

ALTER TABLE "month_end_values" ADD COLUMN "high" DOUBLE PRECISION;

ALTER TABLE "month_end_values" ADD COLUMN "last_import" BIGINT;
