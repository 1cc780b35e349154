import { join } from 'node:path';
import type { Measure } from './measure';
import { JobClient } from '../../e2e/job-client/job-client';
import { anonymous } from '../../e2e/job-client/signers';
import { handlerProcesses } from '../../e2e/local-cloud/control';
import { deploy } from '../../e2e/local-cloud/deploy';
import type { LocalCloud } from '../../e2e/local-cloud/local-cloud';
import { Deployed } from '../../e2e/support/deployed';
import { alternate } from '../alternate';
import { bundleByHand } from '../bundle-by-hand';
import { runChild, SCRATCH } from '../child';
import { DeployedPipeline, withCloud } from '../deployed-pipeline';
import { waited, type Row } from '../row';

/** Warm requests are quick and vary: so many for each round. */
const WARM_A_ROUND = 4;
const BY_HAND = 'by hand';
/** What a drawing analysis asks of its queue and its worker. */
const BEGINS_WITHIN_MS = 5_000;

type Act = 'submit' | 'status';

/** An API with what tells its functions' processes from others. */
interface Api {
  readonly client: JobClient;
  readonly functions: Readonly<Record<Act, string>>;
}

export const latency: Measure = {
  title: 'Latency of the API',
  how: 'By the clock, from a request to the local cloud to its answer, one after the other: through the REST API and the function to SQS and DynamoDB, all on this machine. '
    + 'Warm: the function has answered before. Cold: its process was ended before each request. By hand: two functions that make the same calls and do nothing else, '
    + 'in turn on the same local cloud. Until a job begins: from the acceptance that the record notes to the first line of its handler.',
  run: async ({ rounds, progress }) => withCloud('latency', progress, async cloud => {
    const deployed = await DeployedPipeline.on(cloud, 'latency');
    const ours = apiOf(deployed);
    const theirs = await byHand(cloud);
    const rows: Row[] = [];
    for (const act of ['submit', 'status'] as const) {
      const candidates = async () => ({ ours: await requests(ours, act), theirs: await requests(theirs, act) });
      const { ours: warm, theirs: warmByHand } = await alternate(WARM_A_ROUND * rounds, await candidates(),
        round => progress.at(`latency: ${act}, warm`, round, WARM_A_ROUND * rounds));
      rows.push(waited({ metric: `${act}, warm`, unit: 'ms' }, warm, { name: BY_HAND, values: warmByHand }));
      const { ours: cold, theirs: coldByHand } = await alternate(rounds, {
        ours: afterEnding(cloud, ours.functions[act], await requests(ours, act)),
        theirs: afterEnding(cloud, theirs.functions[act], await requests(theirs, act)),
      }, round => progress.at(`latency: ${act}, cold`, round, rounds));
      rows.push(waited({ metric: `${act}, cold`, unit: 'ms' }, cold, { name: BY_HAND, values: coldByHand }));
    }
    const begins = () => msUntilBegun(deployed);
    const worker = deployed.deployed.deployment.output('WorkerName');
    const { warm, cold } = await alternate(rounds, { cold: afterEnding(cloud, worker, begins), warm: begins },
      round => progress.at('latency: until a job begins', round, rounds));
    rows.push(waited({ metric: 'until a job begins, warm', unit: 'ms', goal: BEGINS_WITHIN_MS }, warm));
    rows.push(waited({ metric: 'until a job begins, cold', unit: 'ms', goal: BEGINS_WITHIN_MS }, cold));
    return rows;
  }),
};

/** How long a job waited for its handler; a queue that gathers messages, or delays them, would be seen here. */
async function msUntilBegun(pipeline: DeployedPipeline): Promise<number> {
  const { created_at, result } = await pipeline.ended(await pipeline.submit('succeed'), 'succeeded');
  return (JSON.parse(result!) as { began_at: number }).began_at - created_at;
}

function apiOf({ client, deployed: { deployment } }: DeployedPipeline): Api {
  return { client, functions: { submit: deployment.output('SubmitName'), status: deployment.output('StatusName') } };
}

async function byHand(cloud: LocalCloud): Promise<Api> {
  const assembly = join(SCRATCH, 'cdk.out', 'api-by-hand');
  await runChild('api-by-hand-app', [assembly, await bundleByHand('api')]);
  const deployed = new Deployed(cloud, await deploy(cloud, assembly));
  const { deployment } = deployed;
  return {
    client: new JobClient({ url: deployed.apiUrl('ByHandUrl'), signer: anonymous }),
    functions: { submit: deployment.output('ByHandsubmit'), status: deployment.output('ByHandstatus') },
  };
}

/** One request, timed. */
async function requests({ client }: Api, act: Act): Promise<() => Promise<number>> {
  const payload = { plan: 'succeed' };
  const { job_id } = (await client.submit(payload)).body;
  return async () => {
    const began = performance.now();
    const { status, body } = act === 'submit' ? await client.submit(payload) : await client.status(job_id);
    const ms = performance.now() - began;
    if (status !== (act === 'submit' ? 202 : 200)) throw new Error(`${act} was answered with ${status}: ${JSON.stringify(body)}`);
    return ms;
  };
}

function afterEnding(cloud: LocalCloud, functionName: string, request: () => Promise<number>): () => Promise<number> {
  return async () => {
    const found = (await handlerProcesses(cloud)).filter(process => process.function === functionName);
    if (found.length === 0) throw new Error(`${functionName} has no process that could be ended`);
    for (const { pid } of found) process.kill(pid, 'SIGKILL');
    while ((await handlerProcesses(cloud)).some(({ pid }) => found.some(ended => ended.pid === pid)));
    return request();
  };
}
