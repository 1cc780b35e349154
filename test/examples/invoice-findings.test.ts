import type { App } from 'aws-cdk-lib';

/** What is found in the invoice extraction, as the command line of the CDK would have it. Everything of one copy of the CDK, or nothing is found. */
function findingsIn(environment: string): readonly unknown[] {
  const before = process.env.CDK_CONTEXT_JSON;
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ environment, webClient: 'https://invoices.example.com', alarmEmail: 'on-call@example.com', monthlyBudgetUsd: 600 });
  let findings: readonly unknown[] | undefined;
  try {
    jest.isolateModules(() => {
      const { app } = jest.requireActual<{ app: App }>('../../examples/typescript/invoice-extraction/app');
      findings = jest.requireActual<typeof import('../support/findings')>('../support/findings').findingsOf(app);
    });
  } finally {
    process.env.CDK_CONTEXT_JSON = before;
  }
  return findings!;
}

test.each(['dev', 'staging', 'prod'])('there is no finding that nobody gave a reason for: %s', (environment) => {
  expect(findingsIn(environment)).toEqual([]);
});
