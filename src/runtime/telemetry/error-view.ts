/**
 * As much of an error as a log line shows. Whatever else hangs on one is left out: clients put what they sent on theirs,
 * such as a request's headers with the credentials in them, or the body.
 */
export interface ErrorView {
  readonly name: string;
  readonly message: string;
  /** Where it was thrown: the lines of the stack without the message that it begins with. */
  readonly stack?: string;
  readonly cause?: ErrorView;
}

const LONGEST_NAME = 128;
export const LONGEST_MESSAGE = 1_024;
const LONGEST_STACK = 4_096;

/** @param causes how many causes are shown, each that of the one before */
export function errorView(error: Error, causes = 1): ErrorView {
  const { name, message, stack, cause } = error as { readonly [Name in keyof Error]?: unknown };
  const frames = framesOf(stack);
  return {
    name: cut(String(name), LONGEST_NAME),
    message: cut(String(message), LONGEST_MESSAGE),
    ...(frames !== undefined && { stack: cut(frames, LONGEST_STACK) }),
    ...(causes > 0 && cause instanceof Error && { cause: errorView(cause, causes - 1) }),
  };
}

/** A text of this length at most. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Fields of a log line with a view in the place of each error, wherever in them it stands. */
export function withErrorViews(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, viewed(value, [fields])]));
}

/**
 * Goes through a value as JSON.stringify would. That would ask an error for its `toJSON` before anybody else sees it,
 * and those of HTTP clients answer with the whole request.
 */
function viewed(value: unknown, within: readonly object[]): unknown {
  if (value instanceof Error) {
    return errorView(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (within.includes(value)) {
    return undefined; // a cycle
  }
  const inside = [...within, value];
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return viewed((value as { toJSON: () => unknown }).toJSON(), inside);
  }
  return Array.isArray(value)
    ? value.map((part: unknown) => viewed(part, inside))
    : Object.fromEntries(Object.entries(value).map(([name, part]) => [name, viewed(part, inside)]));
}

function framesOf(stack: unknown): string | undefined {
  return typeof stack === 'string' ? /^\s+at [^]*/m.exec(stack)?.[0].trimStart() : undefined;
}
