/** One change of one record, as the database itself has written it down. */
export interface WrittenChange {
  readonly job_id: string;
  readonly from?: string;
  readonly to?: string;
  readonly run: number;
  readonly generation: number;
  readonly fromGeneration?: number;
}

/** Makes a table of every change of every record, written in the same transaction as the change: not what a store says, but what happened. */
export const WRITE_DOWN_CHANGES = `
  CREATE TABLE changes (
    number bigint GENERATED ALWAYS AS IDENTITY, pipeline text, job_id text, "from" text, "to" text, run bigint, generation bigint, "fromGeneration" bigint
  );
  CREATE INDEX ON changes (pipeline);
  CREATE FUNCTION write_down() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO changes (pipeline, job_id, "from", "to", run, generation, "fromGeneration") SELECT NEW.pipeline, NEW.job_id,
      CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END, NEW.status, NEW.run, NEW.generation, CASE WHEN TG_OP = 'UPDATE' THEN OLD.generation END;
    RETURN NULL;
  END $$;
  CREATE TRIGGER write_down AFTER INSERT OR UPDATE ON jobworks.jobs FOR EACH ROW EXECUTE FUNCTION write_down()`;

/** Reads them, in their order; `$1` is the pipeline. */
export const READ_CHANGES = `
  SELECT job_id, "from", "to", run::integer, generation::integer, "fromGeneration"::integer FROM changes WHERE pipeline = $1 ORDER BY number`;
