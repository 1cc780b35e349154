import type { App } from 'aws-cdk-lib';

/** What is found in the invoice extraction, as the command line of the CDK would have it. Everything of one copy of the CDK, or nothing is found. */
function ofTheApp<T>(environment: string, ask: (app: App) => T): T {
  const before = process.env.CDK_CONTEXT_JSON;
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ environment, webClient: 'https://invoices.example.com', alarmEmail: 'on-call@example.com', monthlyBudgetUsd: 600 });
  let answer: T | undefined;
  try {
    jest.isolateModules(() => {
      answer = ask(jest.requireActual<{ app: App }>('../../examples/typescript/invoice-extraction/app').app);
    });
  } finally {
    process.env.CDK_CONTEXT_JSON = before;
  }
  return answer!;
}

test.each(['dev', 'staging', 'prod'])('there is no finding that nobody gave a reason for: %s', (environment) => {
  expect(ofTheApp(environment, (app) => jest.requireActual<typeof import('../support/findings')>('../support/findings').findingsOf(app))).toEqual([]);
});

test.each(['dev', 'prod'])('nothing is warned of: %s', (environment) => {
  const messages = ofTheApp(environment, (app) => app.synth().stacks.flatMap((stack) => stack.messages));
  expect(messages.filter(({ level }) => level !== 'info').map(({ entry }) => entry.data)).toEqual([]);
});
