import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { group, logging, newStack, referred } from './fixture';
import { writtenLines } from './written-lines';
import { createContributorRules } from '../../src/log-insights/contributor-rules';
import { LogKind } from '../../src/monitoring/monitored';

interface Rule {
  readonly Schema: unknown;
  readonly LogGroupNames: string[];
  readonly LogFormat: string;
  readonly Contribution: { Keys: string[]; ValueOf?: string; Filters: ({ Match: string } & Record<string, unknown>)[] };
  readonly AggregateOn: string;
}

/** The rules, with `?` for what is known at deployment. */
function rules(stack: Stack): Rule[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::InsightRule')).map(({ Properties: { RuleBody: body } }) => {
    const parts = (body as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
    return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : '?')).join('')) as Rule;
  });
}

test('owners are told apart by their work and by their failures', () => {
  const stack = newStack();
  createContributorRules(stack, [logging(stack, 'drawings', 2), { title: 'api', logs: [{ logGroup: group(stack, 'Access'), kind: LogKind.API }] }]);

  const common = { Schema: { Name: 'CloudWatchLogRule', Version: 1 }, LogGroupNames: ['?', '?'], LogFormat: 'JSON' };
  expect(rules(stack)).toEqual([
    {
      ...common,
      Contribution: { Keys: ['$.owner'], ValueOf: '$.duration_ms', Filters: [{ Match: '$.message', In: ['attempt ended'] }, { Match: '$.duration_ms', GreaterThan: 0 }] },
      AggregateOn: 'Sum',
    },
    { ...common, Contribution: { Keys: ['$.owner'], Filters: [{ Match: '$.error_type', IsPresent: true }, { Match: '$.owner', IsPresent: true }] }, AggregateOn: 'Count' },
  ]);
  const [first] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::InsightRule'));
  expect(referred(first!.Properties.RuleBody)).toEqual(['drawingsLogs1', 'drawingsLogs2']);
  expect(first!.Properties).toMatchObject({
    RuleState: 'ENABLED', RuleName: { 'Fn::Join': ['', ['Ops-OwnersWork-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]] },
  });
});

test('they go by fields that are written together', async () => {
  const stack = newStack();
  createContributorRules(stack, [logging(stack, 'drawings', 1)]);
  const lines = await writtenLines();

  for (const { Contribution: { Keys, ValueOf, Filters } } of rules(stack)) {
    const fields = [...Keys, ...(ValueOf ? [ValueOf] : []), ...Filters.map(({ Match }) => Match)].map((path) => path.slice(2));
    expect(lines.filter((line) => fields.every((field) => field in line))).not.toEqual([]);
  }
});

test('what is seen of owners is an expression on the rule', () => {
  const stack = newStack();
  const { owners, work, largestFailures, rules: [rule, other] } = createContributorRules(stack, [logging(stack, 'drawings', 1)])!;

  expect(owners).toMatchObject({ expression: `INSIGHT_RULE_METRIC("${rule!.ruleName}", "UniqueContributors")` });
  expect(work).toMatchObject({ expression: `INSIGHT_RULE_METRIC("${rule!.ruleName}", "Sum")` });
  expect(largestFailures).toMatchObject({ expression: `INSIGHT_RULE_METRIC("${other!.ruleName}", "MaxContributorValue")` });
  expect(JSON.stringify(new GraphWidget({ left: [owners] }).toJson())).toContain('INSIGHT_RULE_METRIC');
});

test('more log groups than a rule takes are several rules, which are shown as one', () => {
  const stack = newStack();
  const { owners, work } = createContributorRules(stack, [logging(stack, 'drawings', 21)])!;

  expect(rules(stack).map(({ LogGroupNames }) => LogGroupNames.length)).toEqual([20, 1, 20, 1]);
  expect(owners).toMatchObject({ expression: expect.stringMatching(/^MAX\(\[INSIGHT_RULE_METRIC\(.+\), INSIGHT_RULE_METRIC\(.+\)\]\)$/) });
  expect(work).toMatchObject({ expression: expect.stringMatching(/^INSIGHT_RULE_METRIC\(.+\) \+ INSIGHT_RULE_METRIC\(.+\)$/) });
});

test('there are none where nothing is logged of jobs', () => {
  expect(createContributorRules(newStack(), [{ title: 'one' }])).toBeUndefined();
});
