import { sdkError } from './support';
import { hook } from '../../../../src/runtime/handlers/traffic/hook';
import { reportTo } from '../../../../src/runtime/handlers/traffic/report';
import { MemoryLog } from '../../../support/worker-harness';
import { entriesUnder } from '../entry-harness';

const EVENT = { DeploymentId: 'd-1', LifecycleEventHookExecutionId: 'hook-1' };
const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };

function hooked(judge: Parameters<typeof hook>[0]) {
  const told: string[] = [];
  const log = new MemoryLog();
  return { told, log, run: async () => hook(judge, { report: async (_, status) => { told.push(status); }, log, now: () => 5_000 })(EVENT, CONTEXT) };
}

test('what passes goes on', async () => {
  const { told, run } = hooked(async (event, until) => { expect([event, until]).toEqual([EVENT, 55_000]); });
  await run();
  expect(told).toEqual(['Succeeded']);
});

test('what does not is rolled back, and the log says why and which', async () => {
  const { told, log, run } = hooked(async () => { throw new Error('worker: broken'); });
  await run();
  expect(told).toEqual(['Failed']);
  expect(log.of('the deployment is rolled back')).toMatchObject({ deployment_id: 'd-1', error: { message: 'worker: broken' } });
});

test('a hook that cannot tell CodeDeploy throws, so that it is called again', async () => {
  const failing = hook(async () => undefined, { report: async () => { throw new Error('no way'); }, log: new MemoryLog(), now: Date.now });
  await expect(failing(EVENT, CONTEXT)).rejects.toThrow('no way');
});

describe('CodeDeploy', () => {
  test('is told which step, and how it ended', async () => {
    const send = jest.fn(async () => ({}));
    await reportTo({ send } as never)(EVENT, 'Failed');
    const [[{ input }]] = send.mock.calls as unknown as [[{ input: object }]];
    expect(input).toEqual({ deploymentId: 'd-1', lifecycleEventHookExecutionId: 'hook-1', status: 'Failed' });
  });

  test('may know already', async () => {
    await reportTo({ send: async () => { throw sdkError('LifecycleEventAlreadyCompletedException'); } } as never)(EVENT, 'Succeeded');
    await expect(reportTo({ send: async () => { throw sdkError('DeploymentDoesNotExistException'); } } as never)(EVENT, 'Succeeded')).rejects.toThrow('DoesNotExist');
  });
});

describe('an entry', () => {
  type Handler = (event: typeof EVENT, context: typeof CONTEXT) => Promise<void>;
  const entry = entriesUnder<Handler>({
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    JOBWORKS_PIPELINE: 'drawings',
    JOBWORKS_VERSION_CHECKS: '[]',
    JOBWORKS_SMOKE_JOB: '{"payload":{},"timeout_seconds":10}',
    JOBWORKS_SUBMIT_FUNCTION: 'arn:submit:live',
    JOBWORKS_STATUS_FUNCTION: 'arn:status:live',
  });
  const told: string[] = [];
  beforeEach(() => {
    told.length = 0;
    jest.doMock('@aws-sdk/client-codedeploy', () => ({
      CodeDeployClient: class { send = async ({ input }: { input: { status: string } }) => { told.push(input.status); }; },
      PutLifecycleEventHookExecutionStatusCommand: class { constructor(readonly input: object) {} },
    }));
  });
  afterEach(() => {
    jest.dontMock('@aws-sdk/client-codedeploy');
  });

  test('before traffic passes where there is nothing to check', async () => {
    await entry('before-traffic')(EVENT, CONTEXT);
    expect(told).toEqual(['Succeeded']);
  });

  test('after traffic fails where Lambda does not answer', async () => {
    await entry('after-traffic')(EVENT, CONTEXT);
    expect(told).toEqual(['Failed']);
  });
});
