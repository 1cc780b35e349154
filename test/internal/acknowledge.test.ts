import { Stack, Validations } from 'aws-cdk-lib';
import { acknowledge } from '../../src/internal/acknowledge';

const RULE = { id: 'AwsSolutions-SQS3', reason: 'it is the dead-letter queue itself' };

const usual = Error.stackTraceLimit;
afterEach(() => {
  Error.stackTraceLimit = usual;
});

const reasonsOf = ({ node }: Stack) => node.metadata.filter(({ type }) => type === 'aws:cdk:acknowledged-rules').map(({ data }) => data as unknown);

function acknowledged(limit: number): { readonly data: unknown; readonly trace: string } {
  Error.stackTraceLimit = limit;
  const stack = new Stack();
  acknowledge(stack, RULE);
  const [{ data, trace }, ...others] = stack.node.metadata.filter(({ type }) => type === 'aws:cdk:acknowledged-rules');
  expect(others).toEqual([]);
  return { data, trace: String(trace) };
}

test('a reason is told without a trace', () => {
  const { data, trace } = acknowledged(10);

  expect(Object.values(data as object)).toEqual([RULE.reason]);
  expect(trace).not.toContain(__filename);
});

test('whoever asks for longer traces gets them', () => {
  const { data, trace } = acknowledged(50);

  expect(Object.values(data as object)).toEqual([RULE.reason]);
  expect(trace).toContain(__filename);
});

test.each([10, 50])('leaves the length of traces as it was: %i', (limit) => {
  acknowledged(limit);
  expect(Error.stackTraceLimit).toBe(limit);

  expect(() => acknowledge(new Stack(), { ...RULE, id: 'unmatched[' + ']]' })).toThrow('Unmatched closing brace');
  expect(Error.stackTraceLimit).toBe(limit);
});

describe('where aws-cdk-lib refuses ids with an ARN in them, as its earlier releases do', () => {
  const refused = () => {
    throw new Error('Invalid validation rule ID');
  };
  beforeEach(() => {
    jest.spyOn(Validations, 'of').mockReturnValue({ acknowledge: refused } as unknown as Validations);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('the reason is where cdk-nag looks for it', () => {
    const stack = new Stack();
    const id = 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]';
    acknowledge(stack, { id, reason: 'it is what the agent needs' });
    expect(reasonsOf(stack)).toEqual([{ [id]: 'it is what the agent needs' }]);
  });

  test('what is refused for another reason is refused', () => {
    const stack = new Stack();
    expect(() => acknowledge(stack, RULE)).toThrow('Invalid validation rule ID');
    expect(reasonsOf(stack)).toEqual([]);
  });
});
