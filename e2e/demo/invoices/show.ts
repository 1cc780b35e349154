import { GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient, type HistoryEvent } from '@aws-sdk/client-sfn';
import { Customer } from './customer';
import { InvoiceDatabase } from './database';
import { failureNote } from './failure-note';
import { scenario } from './scenario';
import type { JobStatus } from '../../job-client/job-client';
import type { Deployed } from '../../support/deployed';
import { INVOICES } from '../../support/synthesise';
import { curl, operating } from '../invitation';
import type { Show } from '../show';

const PIPELINE = 'invoices';

interface Extracted {
  readonly extracted_data: { readonly vendor?: string; readonly total: number; readonly currency?: string };
  readonly confidence_score: number;
}

/** Invoices, whose data a state machine of three functions writes into PostgreSQL. */
export const INVOICE_SHOW: Show = {
  example: INVOICES,
  measures: { pipeline: PIPELINE, stages: [], mustRing: [] },

  summary(result) {
    const { extracted_data: { vendor = 'unknown', total, currency = '' }, confidence_score } = result as Extracted;
    return `${vendor}: ${[total.toFixed(2), currency].join(' ').trim()}, ${Math.round(100 * confidence_score)} % sure`;
  },

  async open(deployed) {
    const { cloud } = deployed;
    const url = deployed.apiUrl();
    const [acme, globex] = await Promise.all(['acme', 'globex'].map(async (name) => Customer.of(cloud, url, PIPELINE, name)));
    const database = new InvoiceDatabase(cloud);
    return {
      url,
      key: acme.key,
      client: acme.client,
      acts: scenario(globex),
      runsOf: async (jobId) => database.runsOf(jobId),
      lookCloser: await executions(deployed),
      others: () => globex.accepted,
      epilogue: async (style, width) => database.epilogue(acme.name, style, width),
      commands: (_, jobId) => [
        ['read the status of a job, here of the first', curl(url, acme.key, INVOICES.statusPath.replace('{job_id}', jobId))],
        ['refused: no file', curl(url, acme.key, INVOICES.submitPath, "'{}'")],
        ['what an operator sees: jobs that failed', operating(cloud, `jobs list --pipeline ${PIPELINE} --failed-since 1h`)],
        ['the keys there are', operating(cloud, `keys list --pipeline ${PIPELINE}`)],
      ],
    };
  },
};

/** At which step the execution of a job is, and what of it was tried again. */
async function executions(deployed: Deployed): Promise<(job: JobStatus) => Promise<Partial<JobStatus>>> {
  const client = new SFNClient(deployed.cloud.clientConfig);
  const stateMachineArn = await deployed.physicalId(INVOICES.stack, 'AWS::StepFunctions::StateMachine', 'Steps');
  return async ({ job_id, status }) => {
    const { executions: all = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1_000 }));
    const newest = all.find(({ name }) => name!.startsWith(job_id));
    if (!newest) return {};
    const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn: newest.executionArn, maxResults: 1_000 }));
    const entered = events.flatMap(({ stateEnteredEventDetails }) => stepOf(stateEnteredEventDetails?.name));
    const progress_note = failureNote(events);
    return {
      stages_completed: completed(events),
      ...(status === 'processing' && { current_stage: entered.at(-1), updated_at: new Date().toISOString() }), // it runs: the record alone would not say so
      ...(progress_note !== undefined && { progress_note }),
    };
  };
}

/** Steps that were left after a success: one that fails for good is left as well, for the failure path. */
function completed(events: readonly HistoryEvent[]): string[] {
  let succeeded = false;
  return events.flatMap(({ type, stateExitedEventDetails: exited }) => {
    succeeded = type === 'TaskSucceeded' || (succeeded && type !== 'TaskFailed');
    return exited && succeeded ? stepOf(exited.name) : [];
  });
}

/** "2 Extract" is the second step, and what is called otherwise is none. */
function stepOf(state: string | undefined): string[] {
  const [, name] = state?.match(/^\d+ (.+)$/) ?? [];
  return name === undefined ? [] : [name.toLowerCase()];
}
