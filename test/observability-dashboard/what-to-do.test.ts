import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { dashboardOf, Everything, newStack, pageOf, thing } from './support';
import { AlarmSeverity } from '../../src/monitoring/monitored';
import { cell, link, plain } from '../../src/observability-dashboard/markdown';
import { addressOf } from '../../src/observability-dashboard/what-to-do';

const OWN = 'https://github.com/cdkjobworks/cdk-jobworks/blob/main/docs/runbooks/pipeline-failure-rate.md';

function table(ids: string[], runbooks?: string): string[] {
  const stack = newStack();
  dashboardOf(ids.map((id) => new Everything(stack, id)), { runbooks }, stack);
  return pageOf(stack).widgets.at(-1)!.properties.markdown!.split('\n');
}

test('a table says what to do for each alarm, and where more stands', () => {
  expect(table(['Drawings'])).toEqual([
    '## What to do',
    '',
    '| Alarm | Urgency | What to do | More |',
    '| --- | --- | --- | --- |',
    `| failure rate | wakes somebody | See the **log**. | [runbook](${OWN}) |`,
    '| throttles | working hours | Raise a \\| b. |  |',
  ]);
});

test('what several things have stands in one line, with their names while they are few', () => {
  expect(table(['One', 'Two']).slice(2, 5)).toEqual([
    '| Of | Alarm | Urgency | What to do | More |',
    '| --- | --- | --- | --- | --- |',
    `| one, two | failure rate | wakes somebody | See the **log**. | [runbook](${OWN}) |`,
  ]);
  expect(table(['A', 'B', 'C', 'D', 'E'])[5]).toBe('| 5 of them | throttles | working hours | Raise a \\| b. |  |');
});

test('the table is as high as its rows and their lines', () => {
  const heightOf = (...actions: string[]) => {
    const stack = newStack();
    const alarms = actions.map((action, index) => ({
      alarm: Alarm.fromAlarmArn(stack, `Alarm${index}`, `arn:aws:cloudwatch:eu-west-1:111111111111:alarm:${index}`),
      severity: AlarmSeverity.PAGE,
      label: `rings ${index}`,
      action,
    }));
    dashboardOf([thing({ title: 'many', alarms })], {}, stack);
    return pageOf(stack).widgets.at(-1)!.height;
  };
  expect(heightOf('Look.')).toBe(3);
  expect(heightOf(...Array.from({ length: 14 }, () => 'Look.'))).toBe(12);
  expect(heightOf(...Array.from({ length: 14 }, () => 'Look. '.repeat(30)))).toBe(17);
  expect(heightOf(...Array.from({ length: 60 }, () => 'Look.'))).toBe(20);
});

test('runbooks may be elsewhere', () => {
  expect(table(['One'], 'https://wiki.example.com/runbooks/')[4]).toContain('(https://wiki.example.com/runbooks/pipeline-failure-rate)');
  expect(table(['One'], 'https://wiki.example.com/{page}.html?of={page}')[4])
    .toContain('(https://wiki.example.com/pipeline-failure-rate.html?of=pipeline-failure-rate)');
  expect(table(['One'], 'https://{page}.example.com')[4]).toContain('(https://pipeline-failure-rate.example.com)');
  expect(addressOf('https://elsewhere.example.com/page', 'https://wiki.example.com')).toBe('https://elsewhere.example.com/page');
});

test('where nothing rings there is nothing to do', () => {
  const stack = newStack();
  dashboardOf([thing({ title: 'bare' })], {}, stack);
  expect(JSON.stringify(pageOf(stack))).not.toContain('## What to do');
});

test.each([
  ['a_b*c', 'a\\_b\\*c'],
  ['<b>', '\\<b\\>'],
  ['x | y', 'x \\| y'],
  ['[link](x)', '\\[link\\](x)'],
  ['two\n lines', 'two lines'],
  ['# no heading', '\\# no heading'],
  ['back\\slash', 'back\\\\slash'],
])('%j as plain text is %j', (given, expected) => {
  expect(plain(given)).toBe(expected);
});

test('a token stays whole, and what is around it does not', () => {
  expect(plain('a_${Token[TOKEN.12]}_b')).toBe('a\\_${Token[TOKEN.12]}\\_b');
});

test('a cell keeps its Markdown, and stays a cell', () => {
  expect(cell('See `x` | **y**\n\nthen z')).toBe('See `x` \\| **y** then z');
  expect(cell('a \\| b')).toBe('a \\| b');
});

test('a link ends where its address does', () => {
  expect(link('a]b', 'https://example.com/a (b)|c')).toBe('[a\\]b](https://example.com/a%20%28b%29%7Cc)');
});
