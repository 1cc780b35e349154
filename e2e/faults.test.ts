import { assault } from './fault-run/frozen';
import { judge } from './fault-run/judge';
import { CALLED_KINDS, KINDS } from './fault-run/kinds';
import { faultRun, type FaultRun } from './fault-run/run';
import { CALLED, LOAD } from './pipelines/names';
import { PIPELINES, useStack } from './support/use';

/** Many jobs, and everything that can happen to them: none is lost, and each ends exactly once a generation. */
const JOBS = Number(process.env.JOBS ?? 2_000);
const CALLED_JOBS = Number(process.env.CALLED_JOBS ?? 200);
const LIMIT_SECONDS = 420;
/** What the runner of a called function has more than the function: so long a job waits when a runner is lost. */
const RUNNER_SECONDS = 30;
const PAST_LEASE_MS = (CALLED.timeoutSeconds + RUNNER_SECONDS + 8) * 1000;

const inFunction = useStack({ app: PIPELINES, stack: LOAD.stack });
const called = useStack({ app: PIPELINES, stack: CALLED.stack });

/** Both at once, each in a cloud of its own: the one waits a lot while the other works. */
let runs: Promise<readonly [FaultRun, FaultRun]>;
beforeAll(async () => {
  const runner = await called().deployed.physicalId(CALLED.stack, 'AWS::Lambda::Function', 'JobsRunner');
  const assaulted = assault(called().cloud, runner, { everyMs: 3_000, untilMs: 20_000, frozenMs: PAST_LEASE_MS });
  runs = Promise.all([
    faultRun(inFunction(), { jobs: JOBS, kinds: KINDS, limitSeconds: LIMIT_SECONDS }),
    faultRun(called(), { jobs: CALLED_JOBS, kinds: CALLED_KINDS, limitSeconds: LIMIT_SECONDS, besides: [assaulted] }),
  ]);
  await runs;
  expect(assaulted.victims.length).toBeGreaterThan(3);
}, (LIMIT_SECONDS + 60) * 1000);

test(`${JOBS} jobs end once each, whatever happens to their attempts, messages and records`, async () => {
  await judge('in-function', inFunction(), (await runs)[0], LOAD.timeoutSeconds);
});

test(`${CALLED_JOBS} jobs of a called function end once each, whatever happens to it and to the runners that call it`, async () => {
  await judge('called-function', called(), (await runs)[1], CALLED.timeoutSeconds);
});
