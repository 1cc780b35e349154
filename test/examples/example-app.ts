import type { App } from 'aws-cdk-lib';

/** An example, as the command line of the CDK would have it. Everything of one copy of the CDK, or nothing is found. */
export function ofTheExample<T>(name: string, context: Readonly<Record<string, unknown>>, ask: (app: App) => T): T {
  const before = process.env.CDK_CONTEXT_JSON;
  process.env.CDK_CONTEXT_JSON = JSON.stringify(context);
  let answer: T | undefined;
  try {
    jest.isolateModules(() => {
      answer = ask(jest.requireActual<{ app: App }>(`../../examples/typescript/${name}/app`).app);
    });
  } finally {
    process.env.CDK_CONTEXT_JSON = before;
  }
  return answer!;
}

/** What the CDK tells whoever synthesises it, but for what only informs. */
export function warningsOf(app: App): readonly unknown[] {
  return app.synth().stacks.flatMap((stack) => stack.messages).filter(({ level }) => level !== 'info').map(({ entry }) => entry.data);
}
