import { pipelineOf, type Kind } from './kinds';
import { may, Permissions, type Resource, type Statement } from './policies';

const KINDS: Kind[] = ['state machine', 'dev, state machine', 'state machine that is imported', 'maximal state machine, IAM', 'maximal HTTP state machine, keys'];

/** What each function does to the state machine and to executions of jobs. The API alone has a function that changes jobs. */
const TABLE: Record<string, string[]> = {
  'start-execution.handler': ['DescribeExecution', 'StartExecution', 'StopExecution'],
  'execution-ended.handler': ['DescribeExecution'],
  'dead-letter.handler': ['DescribeExecution'],
  'sweeper.handler': ['DescribeExecution', 'StopExecution'],
  'change.handler': ['StopExecution'],
  'operate.handler': ['StopExecution'],
};

const arn = (id: string) => `\${${id}.Arn}`;
const handlerOf = (all: Permissions, name: string): Resource => all.all('Lambda::Function').find(({ properties }) => properties.Handler === `${name}.handler`)!;
const ofStates = (statements: readonly Statement[]) => statements.filter(({ actions }) => actions.some((action) => action.startsWith('states:')));

describe.each(KINDS)('%s', (kind) => {
  const all = new Permissions(pipelineOf(kind).stack);
  const { StateMachineArn: [machine] } = eventPattern(all);

  test('each function may do to executions what it does, and no other function anything', () => {
    const found = all.all('Lambda::Function').map((fn) => ({
      handler: String(fn.properties.Handler),
      actions: ofStates(all.ofFunction(fn)).flatMap(({ actions }) => actions.map((action) => action.replace('states:', ''))).sort(),
    }));
    expect(Object.fromEntries(found.filter(({ actions }) => actions.length > 0).map(({ handler, actions }) => [handler, actions]))).toEqual(TABLE);
  });

  test('the starter starts that state machine alone; everybody else reaches executions of jobs of that state machine alone', () => {
    const statements = ofStates(all.every().filter(({ effect }) => effect === 'Allow'));
    const starting = statements.filter(({ actions }) => actions.includes('states:StartExecution'));
    expect(starting.map(({ actions, resources }) => ({ actions, resources }))).toEqual([{ actions: ['states:StartExecution'], resources: [machine] }]);
    const executions = [...new Set(statements.filter((one) => !starting.includes(one)).flatMap(({ resources }) => resources))];
    expect(executions).toHaveLength(1);
    expect(executions[0]).toMatch(/^arn:\$\{AWS::Partition\}:states:\$\{AWS::Region\}:\$\{AWS::AccountId\}:execution:.+:job_\*$/);
  });

  test('a function is told of the ends of executions of that state machine alone', () => {
    expect(machine).toMatch(kind.includes('imported') ? /:stateMachine:theirs$/ : /^\$\{GivenStepsStateMachine\w+\}$/);
    const ended = handlerOf(all, 'execution-ended');
    expect(all.all('Events::Rule').filter(({ properties }) => properties.EventPattern).map(({ properties }) => properties.Targets)).toEqual([
      [expect.objectContaining({ Arn: arn(ended.id), RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 20 } })],
    ]);
  });

  test('it reads and changes records, and queries none', () => {
    const [table] = all.all('DynamoDB::Table').filter(({ properties }) => JSON.stringify(properties.KeySchema).includes('job_id'));
    const allowed = all.ofFunction(handlerOf(all, 'execution-ended')).filter(({ resources }) => resources.includes(arn(table.id))).flatMap(({ actions }) => actions);
    expect(allowed.sort()).toEqual(['dynamodb:GetItem', 'dynamodb:UpdateItem']);
  });
});

test('steps may call their functions by name, and nothing else; the state machine waits for that permission', () => {
  const all = new Permissions(pipelineOf('state machine').stack);
  const role = all.all('IAM::Role').find(({ id }) => id.startsWith('GivenStepsRole'))!;
  const [machine] = all.all('StepFunctions::StateMachine');
  const calls = all.ofRole(role).filter(({ actions }) => !actions.every((action) => /^(logs|xray):/.test(action)));
  const functions = all.all('Lambda::Function').filter(({ id }) => id.startsWith('GivenCalled'));
  expect(functions).toHaveLength(4);
  expect(calls.map(({ actions, resources }) => ({ actions, resources: [...resources].sort() }))).toEqual([
    { actions: ['lambda:InvokeFunction'], resources: functions.map(({ id }) => arn(id)).sort() },
  ]);
  expect(machine.properties.RoleArn).toBe(arn(role.id));
  expect(machine.dependsOn).toEqual(expect.arrayContaining(calls.map(({ of }) => of)));
});

test('a function that is told of ends has a group of logs that it may write to, as every other', () => {
  const all = new Permissions(pipelineOf('state machine').stack);
  const ended = handlerOf(all, 'execution-ended');
  const { LogGroup: group } = ended.properties.LoggingConfig as { readonly LogGroup: string };
  expect(may(all.ofFunction(ended), 'logs:PutLogEvents', arn(all.resource(group).id))).toBe(true);
});

function eventPattern(all: Permissions): { readonly StateMachineArn: string[] } {
  const [{ properties }] = all.all('Events::Rule').filter((rule) => rule.properties.EventPattern);
  const { detail } = properties.EventPattern as { readonly detail: { readonly stateMachineArn: string[] } };
  return { StateMachineArn: detail.stateMachineArn };
}
