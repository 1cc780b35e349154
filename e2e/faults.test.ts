import { judge } from './fault-run/judge';
import { KINDS } from './fault-run/kinds';
import { faultRun } from './fault-run/run';
import { LOAD } from './pipelines/names';
import { administrator, PIPELINES, useStack } from './support/use';

/** Many jobs, and everything that can happen to them: none is lost, and each ends exactly once a generation. */
const JOBS = Number(process.env.JOBS ?? 2_000);
const LIMIT_SECONDS = 330;

const subject = useStack({ app: PIPELINES, stack: LOAD.stack });

test(`${JOBS} jobs end once each, whatever happens to their attempts, messages and records`, async () => {
  const run = await faultRun(subject(), { jobs: JOBS, kinds: KINDS, client: administrator(subject()), limitSeconds: LIMIT_SECONDS });
  await judge('in-function', subject(), run, LOAD.timeoutSeconds);
}, (LIMIT_SECONDS + 120) * 1000);
