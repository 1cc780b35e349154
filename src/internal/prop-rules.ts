import { Duration, Size, Token } from 'aws-cdk-lib';
import { described, structKind, type KindsOf, type ValueKind } from './value-kinds';

/** Who is given the props: a construct, or a factory, which has no more than a name. */
export interface PropsOwner {
  readonly node: { readonly path: string };
}

/** What a prop may hold where its value is shown or compared. */
export type PropValue = boolean | number | string | Duration | Size | undefined;

/** One rule that the given props break, in the user's own words. */
export interface BrokenRule {
  /** What should hold, beginning with the prop's name. */
  readonly rule: string;
  /** What was given instead. */
  readonly value?: PropValue;
  /** What to do about it. */
  readonly fix: string;
}

/**
 * Names of props, and how they are said instead. A name with a dot at its end stands for all that begin with it. Names are found as whole
 * words wherever a rule is said, so one that is an ordinary word too (`timeout`) cannot be here.
 */
export type PropNames = Readonly<Record<string, string>>;

/** Whose limits they are: both, or the lower and the upper one. */
export type Because = string | readonly [least: string, most: string];

/** Props that contradict one another or a limit of AWS. The message lists everything that is wrong. */
export class InvalidPropsError extends Error {
  constructor(path: string, lines: readonly string[]) {
    const count = lines.length === 1 ? '1 rule is broken' : `${lines.length} rules are broken`;
    super([`${path}: ${count}.`, ...lines.map((line, index) => `  ${index + 1}. ${line}`)].join('\n'));
    this.name = 'InvalidPropsError';
  }
}

/**
 * Collects every rule that the props of a construct break, so that all of them are said at once.
 *
 * A value that is only known at deployment (a token) breaks no rule.
 */
export class PropRules {
  /** What the broken rules are about: the names that they begin with. */
  private readonly broken = new Set<string>();

  constructor(
    private readonly scope: PropsOwner,
    private readonly lines: string[] = [],
    private readonly said: (text: string) => string = (text) => text,
  ) {}

  /**
   * The same collection, for the rules of a construct inside this one: they are said of this one, in the words of its user.
   *
   * @param names what the inner construct's props are to the user of this one
   * @returns what the inner construct's rules are checked with; to throw is left to this collection
   */
  public renaming(names: PropNames): PropRules {
    const found = new RegExp(Object.keys(names).map(pattern).join('|'), 'g');
    return new PropRules(this.scope, this.lines, (text) => this.said(text.replace(found, (name) => names[name] ?? name)));
  }

  /** Whether nothing was said of any of these props so far. What follows from a prop that is wrong anyway would only hide the cause. */
  public fine(...props: string[]): boolean {
    return !props.some((prop) => this.broken.has(prop));
  }

  /** A rule that must hold; `broken` is said if it does not. */
  public check(holds: boolean, broken: BrokenRule): void {
    if (!holds) {
      this.broken.add(/^[\w.]*/.exec(broken.rule)![0]);
      const given = broken.value === undefined ? '' : ` Given: ${shown(broken.value)}.`;
      this.lines.push(`${this.scope.node.path}: ${this.said(broken.rule)}.${given} Fix: ${this.said(broken.fix)}.`);
    }
  }

  /**
   * Props of the wrong kind, as JavaScript lets pass: all of them are said, and the error is thrown, since no other rule can judge them.
   *
   * @param kinds the kind of every prop
   * @param called what the object is to its user
   * @throws InvalidPropsError if any prop is of another kind
   */
  public kinds<T extends object>(props: T | undefined, kinds: KindsOf<T>, called = 'props'): void {
    const all = structKind('', kinds);
    if (!all.is(props)) {
      this.check(false, { rule: `${called} must be ${all.what}`, value: described(props), fix: `pass ${outline(kinds)}` });
    }
    for (const [name, value, kind] of all.is(props) ? all.parts!(props!) : []) {
      this.kind(name.slice(1), value, kind);
    }
    this.throwIfBroken();
  }

  /**
   * One prop that must be of a kind, and what is inside it. Nothing will do, unless the kind is `required()`.
   *
   * @returns whether it is, so that further rules can judge it
   */
  public kind(prop: string, value: unknown, kind: ValueKind): boolean {
    if (value === undefined && !kind.required) {
      return true;
    }
    if (!kind.is(value)) {
      this.check(false, { rule: `${prop} must be ${kind.what}`, value: described(value), fix: `write ${lastName(prop)}${written(kind, value)}` });
      return false;
    }
    return (kind.parts?.(value as object) ?? []).map(([name, inner, of]) => this.kind(`${prop}${name}`, inner, of)).every(Boolean);
  }

  /**
   * A whole number between two limits, both included.
   *
   * @param because whose limits they are
   */
  public integer(prop: string, value: number | undefined, min: number, max: number, because?: Because): void {
    const number = known(value);
    if (number === undefined || isWhole(number, min, max)) {
      return; // what to say is made up only where it is said: it would take longer than to judge
    }
    this.check(false, {
      rule: `${prop} must be a whole number from ${grouped(min)} to ${grouped(max)}`,
      value,
      fix: withinLimits(number, [min, grouped(min)], [max, grouped(max)], 'a whole number', because),
    });
  }

  /**
   * A time of whole seconds between two limits, both included.
   *
   * @param because whose limits they are
   */
  public duration(prop: string, value: Duration | undefined, min: Duration, max: Duration, because?: Because): void {
    const given = seconds(value);
    const [least, most] = [min.toSeconds(), max.toSeconds()];
    if (given === undefined || isWhole(given, least, most)) {
      return;
    }
    this.check(false, {
      rule: `${prop} must be from ${shown(min)} to ${shown(max)}, in whole seconds`,
      value,
      fix: withinLimits(given, [least, shown(min)], [most, shown(max)], 'whole seconds', because),
    });
  }

  /**
   * A size in whole MiB between two limits, both included.
   *
   * @param because whose limits they are
   */
  public size(prop: string, value: Size | undefined, minMebibytes: number, maxMebibytes: number, because?: Because): void {
    const given = mebibytes(value);
    if (given === undefined || isWhole(given, minMebibytes, maxMebibytes)) {
      return;
    }
    this.check(false, {
      rule: `${prop} must be from ${grouped(minMebibytes)} to ${grouped(maxMebibytes)} MiB`,
      value,
      fix: withinLimits(given, [minMebibytes, `${grouped(minMebibytes)} MiB`], [maxMebibytes, `${grouped(maxMebibytes)} MiB`], 'whole MiB', because),
    });
  }

  /** Props that make no sense beside another one: each that was given is said. */
  public absent(props: Readonly<Record<string, unknown>>, beside: string, fix: string): void {
    for (const [prop, value] of Object.entries(props)) {
      this.check(value === undefined, { rule: `${prop} cannot be given ${beside}`, fix: `${fix}, or remove ${prop}` });
    }
  }

  /**
   * Ends the collection.
   *
   * @throws InvalidPropsError if any rule is broken
   */
  public throwIfBroken(): void {
    if (this.lines.length > 0) {
      throw new InvalidPropsError(this.scope.node.path, this.lines);
    }
  }
}

/**
 * The options of a factory, which knows no construct: said at once, so that the stack of the error leads to whoever called it.
 *
 * @param factory what was called, such as `RetryPolicy.exponential()`
 * @throws InvalidPropsError if an option is of another kind
 */
export function checkOptions<T extends object>(factory: string, options: T, kinds: KindsOf<T>): void {
  new PropRules({ node: { path: factory } }).kinds(options, kinds, 'options');
}

/** What to give instead of a number that breaks its limits, each with how it is said, or is no whole one between them. */
function withinLimits(given: number | undefined, min: [number, string], max: [number, string], whole: string, because?: Because): string {
  const [least, most] = typeof because === 'string' ? [because, because] : because ?? [];
  const [within, reason] = given !== undefined && given < min[0] ? [`${min[1]} or more`, least]
    : given !== undefined && given > max[0] ? [`${max[1]} or less`, most] : [whole, undefined];
  return `give ${within}${reason === undefined ? '' : ` (${reason})`}`;
}

/** What to write in place of a value. */
function written({ write, rewrite, note }: ValueKind, value: unknown): string {
  return `${rewrite?.(value) ?? write}${note === undefined ? '' : `, ${note}`}`;
}

/** What an object of props looks like: what must be in it, else some of what may be. */
function outline(kinds: Readonly<Record<string, ValueKind>>): string {
  const names = Object.keys(kinds);
  const needed = names.filter((name) => kinds[name]?.required).map((name) => `${name}: ${kinds[name]?.write}`);
  return needed.length > 0
    ? `{ ${needed.join(', ')} }`
    : `any of { ${names.slice(0, 5).map((name) => `${name}: …`).join(', ')}${names.length > 5 ? ', …' : ''} }`;
}

/** The prop as it is written in an object; what is in a list has no name. */
function lastName(prop: string): string {
  const name = /[\w-]+$/.exec(prop)?.[0];
  return name === undefined ? '' : `${name}: `;
}

/** Finds a name as a whole word, or what begins with it where it ends with a dot. */
function pattern(name: string): string {
  return `(?<![\\w.])${name.replaceAll('.', '\\.')}${name.endsWith('.') ? '' : '\\b'}`;
}

/** A number that is known now; undefined where it is absent or a token. */
export function known(value: number | undefined): number | undefined {
  return value === undefined || Token.isUnresolved(value) ? undefined : value;
}

/** The seconds of a duration that is known now; with their fraction, so that a rule can refuse it. */
export function seconds(value: Duration | undefined): number | undefined {
  return value === undefined || value.isUnresolved() ? undefined : value.toSeconds({ integral: false });
}

/** The MiB of a size that is known now. */
export function mebibytes(value: Size | undefined): number | undefined {
  return value === undefined || value.isUnresolved() ? undefined : value.toBytes() / (1024 * 1024);
}

function isWhole(number: number, min: number, max: number): boolean {
  return Number.isInteger(number) && number >= min && number <= max;
}

/** In its two largest units where that is all of it (`1 minute 30 seconds`), else in seconds (`90.5 seconds`): none is left out. */
function durationText(value: Duration): string {
  let rest = Math.round((seconds(value) ?? 0) * 1000);
  const parts = [86_400_000, 3_600_000, 60_000, 1_000, 1].filter((unit) => {
    const part = Math.floor(rest / unit);
    rest -= part * unit;
    return part > 0;
  });
  return parts.length > 2 ? `${grouped(seconds(value)!)} seconds` : value.toHumanString();
}

function shown(value: NonNullable<PropValue>): string {
  if (value instanceof Duration) {
    return durationText(value);
  }
  if (value instanceof Size) {
    return `${mebibytes(value)} MiB`;
  }
  return typeof value === 'number' ? grouped(value) : value === '' ? "''" : String(value);
}

/** 10000 as 10,000. Not by `toLocaleString`: to load the locales takes longer than all rules together. */
export function grouped(value: number): string {
  return String(value).replace(/(?<!\.\d*)\B(?=(?:\d{3})+(?!\d))/g, ',');
}
