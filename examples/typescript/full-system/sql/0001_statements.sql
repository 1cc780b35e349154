CREATE TABLE statements (
  job_id     text PRIMARY KEY,
  account    text NOT NULL,
  month      date NOT NULL,
  payments   integer NOT NULL,
  cents      bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE payments (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id  text NOT NULL REFERENCES statements,
  paid_on date NOT NULL,
  cents   bigint NOT NULL
);
CREATE INDEX payments_of_statement ON payments (job_id);

-- whoever was told is not told again: messages come at least once
CREATE TABLE notifications (
  job_id  text PRIMARY KEY REFERENCES statements,
  told_at timestamptz NOT NULL DEFAULT now()
);
