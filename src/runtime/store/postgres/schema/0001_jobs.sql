CREATE SCHEMA IF NOT EXISTS jobworks;
COMMENT ON SCHEMA jobworks IS 'Background jobs of cdk-jobworks. Reading is welcome; what writes here is the library alone.';

-- Keys are compared byte by byte, as the library does: no locale changes an order, and comparing is quicker.
-- Whole numbers are as wide as those of a message, so that no message can be one whose record fits into no row.
CREATE TABLE jobworks.jobs (
  pipeline text COLLATE "C" NOT NULL,
  job_id text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  generation bigint NOT NULL,
  run bigint NOT NULL,
  attempt bigint NOT NULL,
  max_attempts bigint NOT NULL,
  cancel_requested boolean NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  not_before timestamptz(3),
  started_at timestamptz(3),
  finished_at timestamptz(3),
  lease_expires_at timestamptz(3),
  deadline_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3),
  retention_seconds bigint NOT NULL,
  progress double precision,
  progress_note text,
  current_stage text,
  stages_completed text[] NOT NULL,
  error jsonb,
  payload text NOT NULL,
  payload_hash text COLLATE "C" NOT NULL,
  checkpoint text,
  checkpoint_run bigint,
  last_checkpoint timestamptz(3),
  correlation_id text NOT NULL,
  version bigint NOT NULL,
  write_id text COLLATE "C" NOT NULL,
  CONSTRAINT jobs_pkey PRIMARY KEY (pipeline, job_id),
  CONSTRAINT jobs_status_check CHECK (status IN ('queued', 'processing', 'succeeded', 'failed', 'cancelled'))
) WITH (
  -- a job is changed a few times soon after it came: with room in its page the new version stands beside the old one
  fillfactor = 80,
  -- each job leaves several dead rows, in a table that is large: cleaned by a fiftieth of it instead of a fifth
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.05
);

-- Also serves lists of failed jobs by the time at which they failed.
CREATE INDEX idx_jobs_status ON jobworks.jobs (pipeline, status, finished_at, job_id);
CREATE INDEX idx_jobs_created_at ON jobworks.jobs (pipeline, created_at, job_id);
CREATE INDEX idx_jobs_owner ON jobworks.jobs (pipeline, owner, created_at, job_id);
-- As small as the work that is not done, however many jobs there were.
CREATE INDEX idx_jobs_open ON jobworks.jobs (pipeline, deadline_at, job_id) WHERE status IN ('queued', 'processing');
CREATE INDEX idx_jobs_expires_at ON jobworks.jobs (pipeline, expires_at) WHERE expires_at IS NOT NULL;

COMMENT ON TABLE jobworks.jobs IS 'One row a job, which is its record. A row past expires_at counts as absent, and is deleted soon after. Texts hold U+0000 as U+001B 0, and U+001B as U+001B U+001B.';
COMMENT ON COLUMN jobworks.jobs.pipeline IS 'Name of the pipeline: several may share a database.';
COMMENT ON COLUMN jobworks.jobs.job_id IS 'job_ and 26 characters, which mostly sort by the time of submission.';
COMMENT ON COLUMN jobworks.jobs.owner IS 'Who submitted the job.';
COMMENT ON COLUMN jobworks.jobs.status IS 'queued, processing, succeeded, failed or cancelled; the last three are ends.';
COMMENT ON COLUMN jobworks.jobs.generation IS 'From 0; rises with each explicit retry of a job that had ended.';
COMMENT ON COLUMN jobworks.jobs.run IS 'Rises with each start of an attempt and never falls: what an attempt writes needs its own run.';
COMMENT ON COLUMN jobworks.jobs.attempt IS 'Attempts charged in this generation; waiting, and attempts that moved their checkpoint, are not charged.';
COMMENT ON COLUMN jobworks.jobs.max_attempts IS 'A job that has used them up fails.';
COMMENT ON COLUMN jobworks.jobs.cancel_requested IS 'Somebody wants the job to stop; the attempt under way is told by its next report.';
COMMENT ON COLUMN jobworks.jobs.created_at IS 'When the job was submitted.';
COMMENT ON COLUMN jobworks.jobs.updated_at IS 'Last change of the record.';
COMMENT ON COLUMN jobworks.jobs.not_before IS 'Queued: no attempt starts earlier.';
COMMENT ON COLUMN jobworks.jobs.started_at IS 'First attempt of this generation.';
COMMENT ON COLUMN jobworks.jobs.finished_at IS 'When the job ended.';
COMMENT ON COLUMN jobworks.jobs.lease_expires_at IS 'Processing: until then the attempt is taken to be alive.';
COMMENT ON COLUMN jobworks.jobs.deadline_at IS 'No attempt starts later, and a job that has not ended is failed.';
COMMENT ON COLUMN jobworks.jobs.expires_at IS 'Ended: from then on the record is absent.';
COMMENT ON COLUMN jobworks.jobs.retention_seconds IS 'How long the record is kept after its end or its deadline, whichever is later.';
COMMENT ON COLUMN jobworks.jobs.progress IS 'From 0 to 1, as the handler shows it.';
COMMENT ON COLUMN jobworks.jobs.progress_note IS 'What the handler said with it.';
COMMENT ON COLUMN jobworks.jobs.current_stage IS 'Stage of the last checkpoint, while it goes on.';
COMMENT ON COLUMN jobworks.jobs.stages_completed IS 'What the attempts so far have completed, each once.';
COMMENT ON COLUMN jobworks.jobs.error IS 'The last error: {type, message, attempt}.';
COMMENT ON COLUMN jobworks.jobs.payload IS 'What the handler gets: JSON text exactly as it came, or s3: and the key of the object that has it.';
COMMENT ON COLUMN jobworks.jobs.payload_hash IS 'By which a repeated submission is recognised.';
COMMENT ON COLUMN jobworks.jobs.checkpoint IS 'Where the next attempt goes on: JSON text, or s3: and a key.';
COMMENT ON COLUMN jobworks.jobs.checkpoint_run IS 'The run that moved the checkpoint forward last, in this generation.';
COMMENT ON COLUMN jobworks.jobs.last_checkpoint IS 'When the checkpoint was saved.';
COMMENT ON COLUMN jobworks.jobs.correlation_id IS 'Goes through all log lines of the job.';
COMMENT ON COLUMN jobworks.jobs.version IS 'Format of the record.';
COMMENT ON COLUMN jobworks.jobs.write_id IS 'Which call has written the row last: by it a call whose answer was lost knows its own write again.';

-- Apart from the jobs, whose rows are changed and listed without it.
CREATE TABLE jobworks.job_results (
  job_id text COLLATE "C" NOT NULL,
  pipeline text COLLATE "C" NOT NULL,
  result text NOT NULL,
  -- by the job first, so that it is found by its id alone, too
  CONSTRAINT idx_job_results_job_id PRIMARY KEY (job_id, pipeline),
  CONSTRAINT job_results_job_fkey FOREIGN KEY (pipeline, job_id) REFERENCES jobworks.jobs (pipeline, job_id) ON UPDATE CASCADE ON DELETE CASCADE
);

COMMENT ON TABLE jobworks.job_results IS 'Results of jobs that succeeded, written with the end of the job in one statement. A job whose handler returned nothing has none.';
COMMENT ON COLUMN jobworks.job_results.job_id IS 'The job.';
COMMENT ON COLUMN jobworks.job_results.pipeline IS 'Its pipeline.';
COMMENT ON COLUMN jobworks.job_results.result IS 'What the handler returned: JSON text, or s3: and the key of the object that has it.';

CREATE TABLE jobworks.counters (
  pipeline text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT counters_pkey PRIMARY KEY (pipeline, name)
) WITH (
  -- one row may be changed some hundred times in its minute
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0.02
);

CREATE INDEX idx_counters_expires_at ON jobworks.counters (pipeline, expires_at);

COMMENT ON TABLE jobworks.counters IS 'What an owner has submitted in a minute of the clock, where a pipeline counts it.';
COMMENT ON COLUMN jobworks.counters.pipeline IS 'Name of the pipeline.';
COMMENT ON COLUMN jobworks.counters.name IS 'What is counted: the owner and the minute.';
COMMENT ON COLUMN jobworks.counters.count IS 'How many.';
COMMENT ON COLUMN jobworks.counters.expires_at IS 'From then on the count is of no use, and is deleted.';

CREATE TABLE jobworks.slots (
  pipeline text COLLATE "C" NOT NULL,
  names text[] COLLATE "C" NOT NULL,
  CONSTRAINT slots_pkey PRIMARY KEY (pipeline)
) WITH (
  -- one row, changed with each start and each end
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 500
);

COMMENT ON TABLE jobworks.slots IS 'Executions that are under way, where a state machine runs the jobs of a pipeline: as many as it may run at once.';
COMMENT ON COLUMN jobworks.slots.pipeline IS 'Name of the pipeline.';
COMMENT ON COLUMN jobworks.slots.names IS 'Names of executions, each of which is a job, its generation and its run.';
