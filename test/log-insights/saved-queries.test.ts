import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { group, logging, newStack, referred } from './fixture';
import { LOG_QUERIES } from '../../src/log-insights/log-queries';
import { createSavedQueries } from '../../src/log-insights/saved-queries';
import { LogKind } from '../../src/monitoring/monitored';

/** The saved queries of a stack: name to what it is asked of. */
function saved(stack: Stack): Record<string, { QueryString: string; LogGroupNames: unknown[] }> {
  return Object.fromEntries(Object.values(Template.fromStack(stack).findResources('AWS::Logs::QueryDefinition')).map(({ Properties: { Name, ...rest } }) => [Name, rest]));
}

test('queries that all have are asked of all log groups of their kind, in one folder', () => {
  const stack = newStack();
  const api = { logGroup: group(stack, 'Access'), kind: LogKind.API };
  createSavedQueries(stack, 'operations', [logging(stack, 'drawings', 2), logging(stack, 'invoices', 1), { title: 'api', logs: [api] }]);
  const queries = saved(stack);

  expect(Object.keys(queries).sort()).toEqual(Object.values(LOG_QUERIES).filter(({ kinds }) => !(kinds as readonly LogKind[]).includes(LogKind.DATABASE)).map(({ title }) => `operations/${title}`).sort());
  expect(queries['operations/Failures by type']!.QueryString).toBe(LOG_QUERIES.failuresByType.query);
  expect(referred(queries['operations/Failures by type']!.LogGroupNames)).toEqual(['drawingsLogs1', 'drawingsLogs2', 'invoicesLogs1']);
  expect(referred(queries['operations/One correlation id']!.LogGroupNames)).toEqual(['drawingsLogs1', 'drawingsLogs2', 'invoicesLogs1', 'Access']);
  expect(referred(queries['operations/Requests by route']!.LogGroupNames)).toEqual(['Access']);
});

test('a log group that several things have is asked once', () => {
  const stack = newStack();
  const shared = { logGroup: group(stack, 'Shared'), kind: LogKind.DATABASE };
  createSavedQueries(stack, 'operations', [{ title: 'one', logs: [shared] }, { title: 'other', logs: [shared] }]);

  expect(referred(saved(stack)['operations/Errors of the database']!.LogGroupNames)).toEqual(['Shared']);
});

test('nothing is saved where nothing is logged', () => {
  const stack = newStack();
  expect(createSavedQueries(stack, 'operations', [{ title: 'one' }, { title: 'other', logs: [{ logGroup: group(stack, 'Other'), kind: LogKind.OTHER }] }])).toEqual([]);
});

test("a thing's own stand in a folder of its own, asked of its log groups unless others are named", () => {
  const stack = newStack();
  const queries = [{ title: 'tokens / day', query: 'stats sum(Tokens)' }, { title: 'elsewhere', query: 'fields @message', logGroups: [group(stack, 'Elsewhere')] }];
  createSavedQueries(stack, 'operations', [logging(stack, 'a/b', 0), { ...logging(stack, 'drawings', 1), queries }]);

  expect(saved(stack)).toMatchObject({
    'operations/drawings/tokens - day': { QueryString: 'stats sum(Tokens)', LogGroupNames: [{ Ref: expect.stringMatching('^drawingsLogs1') }] },
    'operations/drawings/elsewhere': { LogGroupNames: [{ Ref: expect.stringMatching('^Elsewhere') }] },
  });
});

test('names are what CloudWatch takes', () => {
  const stack = newStack();
  const long = 'x'.repeat(200);
  createSavedQueries(stack, `ops: ${long}`, [{ ...logging(stack, 'jobs', 1), title: long, queries: [{ title: `* ${long}`, query: 'fields @message' }] }]);
  const names = Object.keys(saved(stack));

  expect(names.filter((name) => !/^([^:*/]+\/)*[^:*/]+$/.test(name) || name.length > 255)).toEqual([]);
  expect(names).toContain(`ops- ${'x'.repeat(79)}/Memory`);
});

test('where there are more log groups than a query takes, each thing has its own', () => {
  const stack = newStack();
  const things = ['one', 'two', 'three'].map((title) => logging(stack, title, 20));
  createSavedQueries(stack, 'operations', things);
  const queries = saved(stack);

  expect(Object.keys(queries)).not.toContain('operations/Memory');
  expect(['one', 'two', 'three'].map((title) => queries[`operations/${title}/Memory`]!.LogGroupNames.length)).toEqual([20, 20, 20]);
});

test('up to 50 log groups are asked together', () => {
  const stack = newStack();
  createSavedQueries(stack, 'operations', [logging(stack, 'one', 25), logging(stack, 'two', 25)]);
  expect(saved(stack)['operations/Memory']!.LogGroupNames).toHaveLength(50);
});

test('log groups of another region are left out: nothing here can be asked of them', () => {
  const app = new App();
  const [here, there] = ['eu-west-1', 'us-east-1'].map((region) => new Stack(app, region, { env: { account: '111111111111', region } }));
  createSavedQueries(here!, 'operations', [logging(here!, 'drawings', 1), logging(there!, 'global', 1)]);

  expect(saved(here!)['operations/Memory']!.LogGroupNames).toEqual([{ Ref: expect.stringMatching('^drawingsLogs1') }]);
});
