import { executionArn, executionName, parseExecutionName } from '../../../../src/runtime/handlers/state-machine/execution-name';
import { SfnExecutions } from '../../../../src/runtime/handlers/state-machine/sfn-executions';
import { API_LIMITS } from '../../../../src/runtime/store/aws-clients';
import { message } from '../../../support/job-fixtures';

const STATE_MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:steps';
const EXECUTION = 'arn:aws:states:eu-central-1:123456789012:execution:steps:job';

class Command {
  constructor(readonly input: unknown) {}
}

let sent: unknown[];
beforeEach(() => {
  sent = [];
});

/** Step Functions, answering with one thing. */
function answering(answer: object | Error): SfnExecutions {
  const client = {
    send: async (command: Command) => {
      sent.push(command.input);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const sdk = { sfnClient: () => client, DescribeExecutionCommand: Command, StartExecutionCommand: Command, StopExecutionCommand: Command };
  return new SfnExecutions(STATE_MACHINE, API_LIMITS, (async () => sdk) as unknown as ConstructorParameters<typeof SfnExecutions>[2]);
}

const failure = (name: string, httpStatusCode?: number) => Object.assign(new Error('arn:aws:iam::123456789012:role/secret'), { name, $metadata: { httpStatusCode } });

describe('names', () => {
  test('lead back to the attempt, and fit into 80 characters', () => {
    const id = { job_id: message().job_id, generation: 12, run: 345 };
    expect(executionName(id)).toBe(`${id.job_id}-12-345`);
    expect(parseExecutionName(executionName(id))).toEqual(id);
    const longest = executionName({ ...id, generation: 999_999_999_999_999, run: 999_999_999_999_999 });
    expect(longest.length).toBeLessThanOrEqual(80);
    expect(parseExecutionName(longest)?.run).toBe(999_999_999_999_999);
  });

  test.each(['nightly', 'job_1-0-1', `${message().job_id}-0`, `x${message().job_id}-0-1`, `${message().job_id}-0-1-2`, ''])('%s is none of ours', (name) => {
    expect(parseExecutionName(name)).toBeUndefined();
  });

  test('make the ARN of an execution', () => {
    expect(executionArn(STATE_MACHINE, 'job')).toBe(EXECUTION);
  });
});

describe('start', () => {
  test('by name and input', async () => {
    await answering({ executionArn: EXECUTION }).start('job', '{}');
    expect(sent).toEqual([{ stateMachineArn: STATE_MACHINE, name: 'job', input: '{}' }]);
  });

  test.each([
    ['ExecutionAlreadyExists', 400, 'exists'],
    ['ExecutionLimitExceeded', 400, 'busy'],
    ['ThrottlingException', 400, 'busy'],
    ['InvalidExecutionInput', 400, 'input'],
    ['StateMachineDoesNotExist', 400, 'state_machine'],
    ['AccessDeniedException', 403, 'state_machine'],
  ])('%s is a refusal, and says nothing of accounts', async (name, status, refusal) => {
    await expect(answering(failure(name, status)).start('job', '{}')).rejects.toMatchObject({
      name: 'StartRefused', refusal, message: `the state machine could not be started (${name})`,
    });
  });

  test.each<[string, number | undefined]>([['InternalServerError', 500], ['TimeoutError', undefined]])('after %s nobody knows', async (name, status) => {
    await expect(answering(failure(name, status)).start('job', '{}')).rejects.toMatchObject({ name });
  });

  test('an Express state machine is known by what it has started', async () => {
    const express = answering({ executionArn: 'arn:aws:states:eu-central-1:123456789012:express:steps:job:1' });
    await expect(express.start('job', '{}')).rejects.toMatchObject({ refusal: 'express', message: expect.stringContaining('Standard') });
  });
});

describe('describe and stop', () => {
  test('as it is', async () => {
    expect(await answering({ status: 'SUCCEEDED', output: '1' }).describe('job')).toMatchObject({ status: 'SUCCEEDED', output: '1' });
    expect(await answering({ status: 'RUNNING' }).describe('job')).toEqual({ status: 'RUNNING' });
    expect(await answering({ status: 'PENDING_REDRIVE', error: 'E' }).describe('job')).toMatchObject({ status: 'FAILED', error: 'E' });
    expect(sent[0]).toEqual({ executionArn: EXECUTION });
  });

  test('what is not there is nothing', async () => {
    const gone = answering(failure('ExecutionDoesNotExist', 400));
    expect(await gone.describe('job')).toBeUndefined();
    await expect(gone.stop('job', 'JobCancelled', 'because')).resolves.toBeUndefined();
    expect(sent[1]).toEqual({ executionArn: EXECUTION, error: 'JobCancelled', cause: 'because' });
  });

  test('what could not be asked is an error', async () => {
    const throttled = answering(failure('ThrottlingException', 400));
    await expect(throttled.describe('job')).rejects.toThrow();
    await expect(throttled.stop('job', 'a', 'b')).rejects.toThrow();
  });
});
