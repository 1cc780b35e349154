import type { Call, Called, Clock } from '../../../../src/runtime/handlers/traffic/call';

/** Time that passes when somebody waits. */
export class FakeClock implements Clock {
  time = 1_000_000;
  readonly pauses: number[] = [];
  now = () => this.time;
  sleep = async (ms: number) => {
    this.pauses.push(ms);
    this.time += ms;
  };
}

/** Functions by their ARNs, each with its answers one after the other, the last of which stays. */
export class FakeFunctions {
  readonly calls: { readonly arn: string; readonly event: unknown }[] = [];

  constructor(private readonly answers: Record<string, (Called | Error)[]>) {}

  readonly call: Call = async (arn, event) => {
    this.calls.push({ arn, event });
    const all = this.answers[arn];
    const next = all.length > 1 ? all.shift()! : all[0];
    if (next instanceof Error) throw next;
    return next;
  };
}

export function refused(type: string, message = 'no'): Called {
  return { error: { type, message } };
}

/** As the SDK throws. */
export function sdkError(name: string): Error {
  return Object.assign(new Error(`${name} it was`), { name });
}
