import { Token } from 'aws-cdk-lib';

/** What kind of value a prop takes. Types say so too, but nobody reads them in JavaScript, or behind a cast. */
export interface ValueKind {
  /** Said after "must be", such as `a Duration`. */
  readonly what: string;
  /** What to write after the prop's name and a colon, such as `Duration.hours(1)`. */
  readonly write: string;
  /** The same for a value that says what was meant. */
  readonly rewrite?: (value: unknown) => string | undefined;
  /** What helps to write it, after a comma. */
  readonly note?: string;
  readonly is: (value: unknown) => boolean;
  /** Whether nothing will not do. */
  readonly required?: boolean;
  /** The names of what may be inside, where these are not the user's own choice. */
  readonly names?: readonly string[];
  /** What is inside a value that is of the kind: what its name adds to that of the whole, the value, and its kind. */
  readonly parts?: (value: object) => ReadonlyArray<readonly [string, unknown, ValueKind]>;
}

/** What a factory was given: how that is said after the prop that has what it makes, the options, and what they should be. */
export type GivenOptions = readonly [called: string, options: object, kind: ValueKind];

/** The kind of every prop there is, so that a new one is not forgotten. */
export type KindsOf<T> = { readonly [prop in keyof T]-?: ValueKind };

/** Where jsii notes what a class is called: its name in JavaScript may have been shortened by a bundler. */
const JSII = Symbol.for('jsii.rtti');

/** Any class, those with a private constructor too. */
interface AnyClass {
  readonly name: string;
  readonly prototype: object;
  readonly [JSII]?: { readonly fqn: string };
}

export const TEXT: ValueKind = { what: 'a text', write: "'…'", is: (value) => typeof value === 'string' || isLater(value) };
export const FLAG: ValueKind = { what: 'true or false', write: 'true or false', is: (value) => typeof value === 'boolean' || isLater(value) };
export const DURATION = durationKind('Duration.minutes(5)');
export const SIZE = quantityKind('Size', 'toMebibytes', 'Size.mebibytes(512)', 'Size.mebibytes');

/** @param example one that makes sense here */
export function numberKind(example: number): ValueKind {
  return {
    what: 'a number',
    write: String(example),
    rewrite: (value) => (typeof value === 'string' && /\d/.test(value) && Number.isFinite(Number(value)) ? String(Number(value)) : undefined),
    is: (value) => typeof value === 'number' || isLater(value),
  };
}

/** @param write one that makes sense here; a bare number is taken for its unit if nothing else is said */
export function durationKind(write: string, factory = 'Duration.seconds'): ValueKind {
  return quantityKind('Duration', 'toSeconds', write, factory);
}

/** A number with its unit: a bare one is taken for the unit that is meant most often. */
function quantityKind(name: string, member: string, write: string, factory: string): ValueKind {
  return {
    what: article(name),
    write,
    rewrite: (value) => (typeof value === 'number' ? `${factory}(${value})` : undefined),
    note: 'or in the unit that you mean',
    is: has(member),
  };
}

/**
 * What a factory makes. A class is known by its name as well, so that another copy of the package will do.
 *
 * @param of gives the class; asked late, since classes of the CDK must not be touched at load
 * @param name what users call it
 */
export function instanceKind(name: string, of: () => AnyClass, write: string, note?: string): ValueKind {
  return { what: article(name), write, note, rewrite: (value) => factoryMeant(name, of(), value), is: (value) => isOf(value, of()) };
}

/**
 * What a factory makes, with what it was given: factories know no construct by which to warn of what has no effect. A value of another copy of the
 * package may have other members: those are not judged.
 */
export function madeBy<T extends object>(kind: ValueKind, given: (made: T) => ReturnType<NonNullable<ValueKind['parts']>>): ValueKind {
  return { ...kind, parts: (made) => given(made as T) };
}

/** The call of the factory whose name was given (`'apiKeys'`, `'api-keys'`), or that was itself given without being called. */
function factoryMeant(name: string, type: AnyClass, value: unknown): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const given = typeof value === 'string' ? plain(value) : typeof value === 'function' ? plain(value.name) : '';
  const members = Object.entries(Object.getOwnPropertyDescriptors(type)).filter(([, { value: member }]) => typeof member === 'function');
  const [factory, { value: made }] = members.find(([member]) => !member.startsWith('_') && plain(member) === given) ?? ['', {}];
  return factory === '' ? undefined : `${name}.${factory}(${(made as { readonly length: number }).length > 0 ? '…' : ''})`;
}

/** A construct, new or imported, which is known by what it has: whoever implements the interface will do. */
export function constructKind(name: string, member: string, write: string, note?: string): ValueKind {
  return { what: article(name), write, note, is: has(member) };
}

/** A value of an enum. */
export function enumKind(name: string, of: () => object, example: string): ValueKind {
  const values = (all: unknown[]) => (all.some((value) => typeof value === 'number') ? all.filter((value) => typeof value === 'number') : all);
  return { what: `one of ${name}`, write: `${name}.${example}`, is: (value) => values(Object.values(of())).includes(value) || isLater(value) };
}

/** An object with props of its own. */
export function structKind<T extends object>(write: string, kinds: KindsOf<T>, note?: string): ValueKind {
  return {
    what: 'an object',
    write,
    note,
    is: isPlain,
    names: Object.keys(kinds),
    parts: (value) => Object.entries<ValueKind>(kinds).map(([name, kind]) => [`.${name}`, (value as Record<string, unknown>)[name], kind]),
  };
}

/** An object with names of the user's own choice. */
export function mapKind(write: string, each: ValueKind): ValueKind {
  return {
    what: 'an object',
    write,
    is: isPlain,
    parts: (value) => Object.entries(value).map(([name, inner]) => [`.${name}`, inner, each]),
  };
}

export function listKind(each: ValueKind): ValueKind {
  return {
    what: `a list, each of it ${each.what}`,
    write: `[${each.write}]`,
    is: Array.isArray,
    parts: (value) => (value as unknown[]).map((inner, index) => [`[${index}]`, inner, { ...each, required: true }]),
  };
}

export function required(kind: ValueKind): ValueKind {
  return { ...kind, required: true };
}

/** A value in a few words. Objects show the names of what they hold alone: the values may be secret. */
export function described(value: unknown): string {
  if (typeof value === 'string') {
    return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`;
  }
  if (typeof value === 'function') {
    return `the JavaScript function ${value.name}`.trimEnd();
  }
  if (!isObject(value)) {
    return value === undefined ? 'nothing' : String(value);
  }
  if (Array.isArray(value)) {
    return `a list of ${value.length}`;
  }
  const { constructor, node } = value as { readonly constructor?: AnyClass; readonly node?: { readonly path?: string } };
  const name = constructor && nameOf(constructor);
  if (name === undefined || name === 'Object') {
    const names = Object.keys(value);
    return names.length === 0 ? 'an empty object' : `an object { ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''} }`;
  }
  return `${article(name)}${node?.path ? ` (${node.path})` : ''}`;
}

/** A value that is only known at deployment, in any of its forms: nothing can be said of it. */
function isLater(value: unknown): boolean {
  return Token.isUnresolved(value);
}

/** A function, so that it may stand below what uses it. */
function has(member: string): ValueKind['is'] {
  return (value) => isObject(value) && member in value;
}

function isOf(value: unknown, type: AnyClass): boolean {
  for (let one = isObject(value) ? Object.getPrototypeOf(value) as object | null : null; one; one = Object.getPrototypeOf(one) as object | null) {
    const of = one.constructor as AnyClass | undefined;
    if (one === type.prototype || (of && nameOf(of) === nameOf(type))) {
      return true;
    }
  }
  return false;
}

/** An object to read props from. One of a class of the user's own may be meant so, one of a construct library's never is. */
function isPlain(value: unknown): value is object {
  return isObject(value) && !Array.isArray(value) && (value.constructor as AnyClass | undefined)?.[JSII] === undefined;
}

function nameOf(type: AnyClass): string {
  const noted = type[JSII]?.fqn.split('.').pop();
  // a class of the user's own inherits the note of the one it extends; so do the CDK's own wrappers, which a bundler has numbered (Function2)
  return noted !== undefined && (Object.hasOwn(type, JSII) || type.name.replace(/\d+$/, '') === noted) ? noted : type.name;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** As it is read out: an s3.IBucket, a UserPool. */
function article(name: string): string {
  return `${/^(?:[aeio]|u(?!ser)|s3|s[fnqs][a-z]\.)/i.test(name) ? 'an' : 'a'} ${name}`;
}
