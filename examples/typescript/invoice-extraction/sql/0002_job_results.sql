CREATE TABLE job_results (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- no foreign key: results stay when the records of their jobs expire
  job_id text NOT NULL,
  extracted_data jsonb NOT NULL,
  confidence_score numeric(4, 3) NOT NULL CHECK (confidence_score BETWEEN 0 AND 1),
  tokens_used integer NOT NULL CHECK (tokens_used >= 0),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- One result a job, however often the step that writes it is repeated.
CREATE UNIQUE INDEX idx_job_results_job_id ON job_results (job_id);

COMMENT ON TABLE job_results IS 'What was extracted from the invoices.';
