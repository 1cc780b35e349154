-- The shapes of this system, on the records of the library: what they show is always what the pipeline knows.
-- An index serves a condition on `status` or `created_at` through the view: idx_jobs_status and idx_jobs_created_at of schema jobworks.
CREATE VIEW jobs AS
SELECT
  job_id AS id,
  owner AS api_key_id,
  status,
  -- the key of the uploaded file, which lies under the pipeline's prefix and there under a hash of its owner
  translate(rtrim(encode(sha256(convert_to(owner, 'UTF8')), 'base64'), '='), '+/', '-_')
    || '/uploads/' || substring(payload FROM '"upload_id"\s*:\s*"(upl_[0-9A-Z]{26})"') AS pdf_url,
  created_at,
  updated_at,
  error ->> 'message' AS error_message
FROM jobworks.jobs
WHERE pipeline = 'invoices' AND (expires_at IS NULL OR expires_at > now());

COMMENT ON VIEW jobs IS 'Jobs of the pipeline, as long as their records are kept.';
COMMENT ON COLUMN jobs.pdf_url IS 'Key of the uploaded file below the pipeline''s filesPrefix. No address: nobody can make a worker fetch one.';
COMMENT ON COLUMN jobs.error_message IS 'Of a job that failed; before that, of its last attempt.';

-- API keys are not in this database. Their SHA-256 is in DynamoDB, for an authorizer that starts without a connection.
CREATE VIEW api_keys AS
SELECT
  owner AS id,
  NULL::text AS key_value,
  regexp_replace(owner, '^customer:', '') AS name,
  NULL::boolean AS is_active,
  min(created_at) AS created_at
FROM jobworks.jobs
WHERE pipeline = 'invoices'
GROUP BY owner;

COMMENT ON VIEW api_keys IS 'Who has submitted jobs: a customer, with all of its keys. To list, make and revoke keys: npx cdk-jobworks keys.';
COMMENT ON COLUMN api_keys.key_value IS 'Always null: no key, and no hash of one, is in this database.';
COMMENT ON COLUMN api_keys.is_active IS 'Always null: whether a key is valid is known where keys are looked up, and a copy could be wrong.';
COMMENT ON COLUMN api_keys.created_at IS 'When the customer submitted its first job of those that are kept.';

-- A view of one table can be written through, with the rights of who made it. These are for reading.
REVOKE INSERT, UPDATE, DELETE ON jobs, api_keys FROM app;
