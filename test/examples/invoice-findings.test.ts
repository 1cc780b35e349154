import { ofTheExample, warningsOf } from './example-app';

const context = (environment: string) => ({
  environment, webClient: 'https://invoices.example.com', alarmEmail: 'on-call@example.com', monthlyBudgetUsd: 600,
});

test.each(['dev', 'staging', 'prod'])('there is no finding that nobody gave a reason for: %s', (environment) => {
  expect(ofTheExample('invoice-extraction', context(environment),
    (app) => jest.requireActual<typeof import('../support/findings')>('../support/findings').findingsOf(app))).toEqual([]);
});

test.each(['dev', 'prod'])('nothing is warned of: %s', (environment) => {
  expect(ofTheExample('invoice-extraction', context(environment), warningsOf)).toEqual([]);
});
