import type { JobRecord } from '../../protocol/record';
import type { Log } from '../../telemetry/log';

/** Stops the execution that runs a job, if it is there. Never throws: what is not stopped now is by the next sweep. */
export type StopExecution = (record: JobRecord, log: Log) => Promise<void>;
