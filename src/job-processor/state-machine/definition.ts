import { Duration, Stack } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';

/** What can be read from a state machine. */
export interface ExistingStateMachine {
  /** Whether it is defined in this app, so that its settings can be read. */
  readonly defined: boolean;
  readonly express: boolean;
  /** That of its definition, where that is known and has one. */
  readonly timeout?: Duration;
}

/** Reads the settings of a state machine. They come from the resource, so that overrides are seen too. */
export function readStateMachine(given: sfn.IStateMachine): ExistingStateMachine {
  const resource = given.node.defaultChild;
  if (!(resource instanceof sfn.CfnStateMachine)) {
    return { defined: false, express: false };
  }
  return { defined: true, express: resource.stateMachineType === sfn.StateMachineType.EXPRESS, timeout: timeoutOf(resource) };
}

/** A definition that is a file in a bucket is not known here, nor one whose text comes from a parameter. */
function timeoutOf(resource: sfn.CfnStateMachine): Duration | undefined {
  const { definitionString, definition } = Stack.of(resource).resolve({
    definitionString: resource.definitionString, definition: resource.definition,
  }) as { readonly definitionString?: unknown; readonly definition?: unknown };
  const { TimeoutSeconds: seconds } = (definition ?? parsed(textOf(definitionString)) ?? {}) as { readonly TimeoutSeconds?: unknown };
  return typeof seconds === 'number' ? Duration.seconds(seconds) : undefined;
}

/** What is only known at deployment stands inside of texts: ARNs of functions and the like. */
function textOf(value: unknown): string | undefined {
  const join = (value as { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] } | undefined)?.['Fn::Join'];
  return join ? join[1].map((part) => (typeof part === 'string' ? part : '…')).join(join[0]) : typeof value === 'string' ? value : undefined;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
