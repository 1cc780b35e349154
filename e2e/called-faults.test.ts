import { assault } from './fault-run/frozen';
import { judge } from './fault-run/judge';
import { CALLED_KINDS } from './fault-run/kinds';
import { faultRun } from './fault-run/run';
import { CALLED } from './pipelines/names';
import { administrator, PIPELINES, useStack } from './support/use';

/** The same for a function that is called: its processes suffer, and so do those of the runner that calls it. */
const JOBS = Number(process.env.CALLED_JOBS ?? 200);
const LIMIT_SECONDS = 240;
/** What the runner has more than the function: so long a job waits when a runner is lost. */
const RUNNER_SECONDS = 30;

const subject = useStack({ app: PIPELINES, stack: CALLED.stack });

test(`${JOBS} jobs of a called function end once each`, async () => {
  const { cloud, deployed } = subject();
  const runner = await deployed.physicalId(CALLED.stack, 'AWS::Lambda::Function', 'JobsRunner');
  const assaulted = assault(cloud, runner, { everyMs: 3_000, untilMs: 20_000, frozenMs: (CALLED.timeoutSeconds + RUNNER_SECONDS + 8) * 1000 });
  const run = await faultRun(subject(), {
    jobs: JOBS, kinds: CALLED_KINDS, client: administrator(subject()), limitSeconds: LIMIT_SECONDS, besides: [assaulted],
  });
  expect(assaulted.victims.length).toBeGreaterThan(3);
  await judge('called-function', subject(), run, CALLED.timeoutSeconds);
}, (LIMIT_SECONDS + 120) * 1000);
