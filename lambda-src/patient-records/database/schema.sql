-- The function makes this on its first use, if its user may create a schema in the database. To give it less, run this
-- file as another user, `psql -f schema.sql`, and then, with the name of the function's user:
--
--   GRANT USAGE ON SCHEMA patient_records TO function_user;
--   GRANT SELECT ON patient_records.schema_version TO function_user;
--   GRANT SELECT, INSERT, UPDATE ON patient_records.processed_object TO function_user;
--
-- It may run again at any time, and from several sides at once.

BEGIN;

-- `IF NOT EXISTS` alone does not keep two that create at the same moment from failing.
SELECT pg_advisory_xact_lock(7089336938131513954);

-- Asked first: the right to create a schema would be needed even where there is one.
DO $$
BEGIN
  IF to_regnamespace('patient_records') IS NULL THEN
    CREATE SCHEMA patient_records;
  END IF;
END
$$;

CREATE TABLE IF NOT EXISTS patient_records.schema_version (
  version integer PRIMARY KEY,
  made_at timestamptz NOT NULL DEFAULT now()
);

-- A row for each version of an object under each policy: what its manifest says. No key of a source is in it, and what
-- is derived from a source is keyed (HMAC).
CREATE TABLE IF NOT EXISTS patient_records.processed_object (
  run_id text PRIMARY KEY,
  status text NOT NULL,
  -- Why a failed object failed.
  code text,
  source_key_hmac text NOT NULL,
  source_version_id text,
  source_size bigint NOT NULL,
  source_hmac text,
  source_encoding text NOT NULL,
  source_format text NOT NULL,
  policy_profile text NOT NULL,
  policy_sha256 text NOT NULL,
  -- Names the pseudonym key, and tells nothing of it.
  key_id text NOT NULL,
  processor_version text NOT NULL,
  records_read bigint NOT NULL,
  records_written bigint NOT NULL,
  records_dropped bigint NOT NULL,
  records_rejected bigint NOT NULL,
  records_by_type jsonb NOT NULL,
  rejected_by_code jsonb NOT NULL,
  fields_redacted bigint NOT NULL,
  fields_hashed bigint NOT NULL,
  fields_generalized bigint NOT NULL,
  fields_shifted bigint NOT NULL,
  -- As in the manifest: type, url, count, bytes and sha256 of each object of results; url, count and hmac of rejects.
  outputs jsonb NOT NULL,
  rejects jsonb NOT NULL,
  manifest_url text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS processed_object_source ON patient_records.processed_object (source_key_hmac);
CREATE INDEX IF NOT EXISTS processed_object_ended_at ON patient_records.processed_object (ended_at);

INSERT INTO patient_records.schema_version (version) VALUES (1) ON CONFLICT DO NOTHING;

COMMIT;
