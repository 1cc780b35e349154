import { ofTheExample, warningsOf } from './example-app';

test.each(['dev', 'staging', 'prod'])('nothing is warned of in the drawing analysis: %s', (environment) => {
  expect(ofTheExample('drawing-analysis', { environment, alarmEmail: 'on-call@example.com' }, warningsOf)).toEqual([]);
});

test('nothing is warned of in the full system, in any environment', () => {
  expect(ofTheExample('full-system', {}, warningsOf)).toEqual([]);
});

test('a wrong environment is told which there are', () => {
  expect(() => ofTheExample('drawing-analysis', { environment: 'production', alarmEmail: 'on-call@example.com' }, () => undefined))
    .toThrow(/must be dev, staging or prod\. Given: "production"/);
});
