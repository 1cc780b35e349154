import { runInNewContext } from 'node:vm';
import { App, Duration, Lazy, Size, Stack, Token } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { PropRules } from '../../src/internal/prop-rules';
import {
  constructKind, described, DURATION, enumKind, FLAG, instanceKind, listKind, mapKind, numberKind, required, SIZE, structKind, TEXT, type KindsOf,
} from '../../src/internal/value-kinds';

class Door {
  public static open(): Door {
    return new Door();
  }
}
class BackDoor extends Door {}
enum Wood { OAK = 'oak', ELM = 'elm' }

interface Hinge {
  readonly screws?: number;
}
interface House {
  readonly door: Door;
  readonly rooms?: number;
  readonly name?: string;
  readonly heated?: boolean;
  readonly warmup?: Duration;
  readonly attic?: Size;
  readonly wood?: Wood;
  readonly years?: RetentionDays;
  readonly key?: object;
  readonly hinge?: Hinge;
  readonly tenants?: string[];
  readonly labels?: Record<string, string>;
}

const KINDS: KindsOf<House> = {
  door: required(instanceKind('Door', () => Door, 'Door.open()')),
  rooms: numberKind(3),
  name: TEXT,
  heated: FLAG,
  warmup: DURATION,
  attic: SIZE,
  wood: enumKind('Wood', () => Wood, 'OAK'),
  years: enumKind('RetentionDays', () => RetentionDays, 'ONE_WEEK'),
  key: constructKind('Key', 'keyArn', 'new kms.Key(…)'),
  hinge: structKind<Hinge>('{ screws: 4 }', { screws: numberKind(4) }),
  tenants: listKind(TEXT),
  labels: mapKind("{ NAME: 'value' }", TEXT),
};

const stack = new Stack(new App(), 'Stack');

/** The lines of the error; none without one. */
function said(props: unknown): string[] {
  try {
    new PropRules({ node: { path: 'Stack/House' } }).kinds(props as House, KINDS);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1).map((line) => line.replace(/^ {2}\d+\. Stack\/House: /, ''));
  }
}

const door = new Door();

/** As a bundler and jsii leave it: with another name in JavaScript than for its users. */
const shortened = runInNewContext("const short = class a {}; short[Symbol.for('jsii.rtti')] = { fqn: 'other-copy.Door', version: '1' }; short") as new () => Door;

test('values of their kind pass, tokens, subclasses and other copies of a class too', () => {
  const copy = runInNewContext('(class Door {})') as new () => Door;
  expect(said({
    door: new copy(),
    rooms: Lazy.number({ produce: () => 1 }),
    name: Lazy.string({ produce: () => '' }),
    heated: false,
    warmup: Duration.seconds(Lazy.number({ produce: () => 1 })),
    attic: Size.gibibytes(1),
    wood: Wood.ELM,
    years: RetentionDays.ONE_WEEK,
    key: Key.fromKeyArn(stack, 'Imported', 'arn:aws:kms:eu-west-1:123456789012:key/a'),
    hinge: {},
    tenants: ['one'],
    labels: { any: 'text' },
  })).toEqual([]);
  expect(said({ door: new shortened() })).toEqual([]);
  expect(said({ door: new BackDoor(), key: new Key(stack, 'Key'), rooms: undefined })).toEqual([]);
});

test('what is only known at deployment breaks no rule, in whatever form it is given', () => {
  const later = Token.asAny({ Ref: 'Setting' });
  expect(said({
    door,
    rooms: later,
    name: later,
    heated: later,
    wood: later,
    years: Lazy.number({ produce: () => 7 }),
    hinge: { screws: later },
    tenants: [later],
    labels: { a: later },
  })).toEqual([]);
  expect(said({ door: later })).toEqual(['door must be a Door. Given: an Intrinsic. Fix: write door: Door.open().']); // it is read at once
});

test('a kind is said as it is read out', () => {
  expect(['s3.IBucket', 'sqs.IQueue', 'ec2.IVpc', 'kms.IKey', 'UserPool', 'Aspect', 'Stack', 'sfn.StateMachine'].map((name) => instanceKind(name, () => Door, '').what))
    .toEqual(['an s3.IBucket', 'an sqs.IQueue', 'an ec2.IVpc', 'a kms.IKey', 'a UserPool', 'an Aspect', 'a Stack', 'an sfn.StateMachine']);
});

test("a class of the user's own that extends one of the CDK keeps its name", () => {
  class Archive extends Stack {}
  expect(described(new Archive(new App(), 'Mine'))).toBe('an Archive (Mine)');
});

test.each<[string, unknown, string]>([
  ['an object for what a factory makes', { door: { wide: 1 } }, 'door must be a Door. Given: an object { wide }. Fix: write door: Door.open().'],
  ['the factory itself', { door: Door.open }, 'door must be a Door. Given: the JavaScript function open. Fix: write door: Door.open().'],
  ['what has no default', {}, 'door must be a Door. Given: nothing. Fix: write door: Door.open().'],
  ['null', { door, rooms: null }, 'rooms must be a number. Given: null. Fix: write rooms: 3.'],
  ['a number in quotes', { door, rooms: '4' }, "rooms must be a number. Given: '4'. Fix: write rooms: 4."],
  ['a number for a text', { door, name: 7 }, "name must be a text. Given: 7. Fix: write name: '…'."],
  ['a text for a flag', { door, heated: 'yes' }, "heated must be true or false. Given: 'yes'. Fix: write heated: true or false."],
  ['a number for a duration', { door, warmup: 60 }, 'warmup must be a Duration. Given: 60. Fix: write warmup: Duration.seconds(60), or in the unit that you mean.'],
  ['a number for a size', { door, attic: 256 }, 'attic must be a Size. Given: 256. Fix: write attic: Size.mebibytes(256), or in the unit that you mean.'],
  ['a duration for a size', { door, attic: Duration.days(1) }, 'attic must be a Size. Given: a Duration. Fix: write attic: Size.mebibytes(512), or in the unit that you mean.'],
  ['no value of an enum', { door, wood: 'OAK' }, "wood must be one of Wood. Given: 'OAK'. Fix: write wood: Wood.OAK."],
  ['a name in an enum of numbers', { door, years: 'ONE_WEEK' }, "years must be one of RetentionDays. Given: 'ONE_WEEK'. Fix: write years: RetentionDays.ONE_WEEK."],
  ['another construct', { door, key: stack }, 'key must be a Key. Given: a Stack (Stack). Fix: write key: new kms.Key(…).'],
  ['a list for an object', { door, hinge: [1] }, 'hinge must be an object. Given: a list of 1. Fix: write hinge: { screws: 4 }.'],
  ['what is inside an object', { door, hinge: { screws: 'four' } }, "hinge.screws must be a number. Given: 'four'. Fix: write screws: 4."],
  ['one for a list', { door, tenants: 'all' }, "tenants must be a list, each of it a text. Given: 'all'. Fix: write tenants: ['…']."],
  ['one of a list', { door, tenants: ['a', 1] }, "tenants[1] must be a text. Given: 1. Fix: write '…'."],
  ['a hole in a list', { door, tenants: [undefined] }, "tenants[0] must be a text. Given: nothing. Fix: write '…'."],
  ['a value under a name of the user', { door, labels: { PORT: 80 } }, "labels.PORT must be a text. Given: 80. Fix: write PORT: '…'."],
  ['no props', undefined, 'props must be an object. Given: nothing. Fix: pass { door: Door.open() }.'],
  ['a construct for props', stack, 'props must be an object. Given: a Stack (Stack). Fix: pass { door: Door.open() }.'],
  ['something else than props', 'Jobs', "props must be an object. Given: 'Jobs'. Fix: pass { door: Door.open() }."],
])('%s is told, with what to write', (_what, props, message) => {
  expect(said(props)).toEqual([message]);
});

test('props that may all be left out are named', () => {
  const options = (given: unknown, kinds: Record<string, typeof TEXT>) => () => new PropRules({ node: { path: 'Door.open()' } }).kinds(given as object, kinds, 'options');
  expect(options(5, { wide: TEXT, high: TEXT })).toThrow('Door.open(): options must be an object. Given: 5. Fix: pass any of { wide: …, high: … }.');
  expect(options(5, Object.fromEntries([...'abcdef'].map((name) => [name, TEXT])))).toThrow('any of { a: …, b: …, c: …, d: …, e: …, … }.');
  class Own {
    public readonly wide = 'yes';
  }
  expect(options(new Own(), { wide: TEXT })).not.toThrow();
  expect(options(Object.assign(new Own(), { wide: 1 }), { wide: TEXT })).toThrow('wide must be a text');
});

test('all are told at once', () => {
  expect(said({ rooms: '1', tenants: [1, 'a', 2], hinge: { screws: '1' } })).toHaveLength(5);
});

test('whether a single one is of its kind is told to whoever would judge it further', () => {
  const rules = new PropRules(stack);
  expect([rules.kind('api.cors', ['a'], listKind(TEXT)), rules.kind('api.cors', ['a', 1], listKind(TEXT)), rules.kind('api.cors', undefined, TEXT)])
    .toEqual([true, false, true]);
  expect(() => rules.throwIfBroken()).toThrow("Stack: api.cors[1] must be a text. Given: 1. Fix: write '…'.");
});

test('no value of an object is shown, and no text is shown in full', () => {
  expect(described({ password: 'secret', a: 1, b: 2, c: 3, d: 4, e: 5 })).toBe('an object { password, a, b, c, d, … }');
  expect(described('x'.repeat(100))).toBe(`'${'x'.repeat(60)}…'`);
  expect([described(() => 1), described(Object.create(null)), described(new App()), described(door)])
    .toEqual(['the JavaScript function', 'an empty object', 'an App', 'a Door']);
});
