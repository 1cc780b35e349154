import { Construct, type IConstruct } from 'constructs';
import type { AlarmOptions } from '../alarms/alarm-options';
import { checkAlarmOptions, checkJudged, type AlarmDefaults } from '../internal/alarm-factory';
import { checkArgument } from '../internal/arguments';
import { ALARM } from '../internal/common-kinds';
import { PropRules } from '../internal/prop-rules';
import { warnOfUnknownParts } from '../internal/unknown-props';
import { constructKind, structKind, TEXT, type KindsOf, type ValueKind } from '../internal/value-kinds';

/** The construct within a resource that has its alarms. */
const ID = 'Monitored';

/** By which member a resource is known, and what it is watched by. */
const FACTORIES = [
  ['functionArn', 'fromFunction'], ['queueArn', 'fromQueue'], ['tableArn', 'fromTable'], ['stateMachineArn', 'fromStateMachine'],
  ['restApiId', 'fromRestApi'], ['apiId', 'fromHttpApi'],
] as const;

/** What every resource is watched with. */
interface Options<A extends object> {
  readonly title?: string;
  readonly alarms?: A;
}

/** What a factory was given, and what it may be given. */
export interface Asked<A extends object> {
  /** Its name, such as `fromQueue`. */
  readonly factory: string;
  /** What it takes: the interface, a member by which that is known, and what to write. */
  readonly takes: readonly [type: string, member: string, write: string];
  readonly resource: IConstruct;
  readonly options: Options<A>;
  /** The alarms that there are, and what holds where they are not tuned. */
  readonly defaults: Record<keyof A & string, AlarmDefaults>;
  /** Of options besides. */
  readonly kinds?: Readonly<Record<string, ValueKind>>;
  /** What an alarm judges that is not there. */
  readonly missing?: { readonly [name in keyof A]?: string };
}

/** Where the alarms of a resource are made, what it is called, and how they are tuned. */
export interface WatchedScope<A extends object> {
  readonly scope: Construct;
  readonly title: string;
  readonly alarms: Partial<A>;
}

/**
 * A place for the alarms of a resource, within it.
 *
 * @throws if the options are wrong, or it was asked for already: there would be two of each alarm
 */
export function watched<A extends object>(asked: Asked<A>): WatchedScope<A> {
  const { factory, takes: [type, member, write], resource, options } = asked;
  const method = `Monitored.${factory}`;
  checkArgument({ node: { path: 'Monitored' } }, `${method}(`, resource, constructKind(type, member, write, meant(resource)));
  check(asked);
  if (resource.node.tryFindChild(ID)) {
    throw new Error(`${resource.node.path}: ${method}() was called for it before, and would make each alarm a second time. `
      + 'Fix: keep what it returned, and give that to every dashboard.');
  }
  return { scope: new Construct(resource as Construct, ID), title: options.title ?? resource.node.path, alarms: options.alarms ?? {} };
}

/** The factory that takes what another one was given. */
function meant(resource: object | undefined): string | undefined {
  const [, factory] = FACTORIES.find(([member]) => typeof resource === 'object' && resource !== null && member in resource) ?? [];
  return factory === undefined ? undefined : `or Monitored.${factory}(…) for what was given`;
}

function check<A extends object>({ factory, resource, options, defaults, kinds, missing }: Asked<A>): void {
  const rules = new PropRules(resource);
  const names = Object.keys(defaults) as (keyof A & string)[];
  const alarms = structKind('{ … }', Object.fromEntries(names.map((name) => [name, ALARM])), 'alarm by alarm');
  const all = { title: TEXT, alarms, ...kinds } as KindsOf<Options<A>>;
  rules.kinds(options, all, 'options');
  for (const name of names) {
    const tuned = options.alarms?.[name] as AlarmOptions | undefined;
    checkAlarmOptions(rules, `alarms.${name}`, tuned, defaults[name]);
    checkJudged(rules, `alarms.${name}`, tuned, missing?.[name]);
  }
  rules.throwIfBroken();
  const told = factory === 'fromFunction' ? { ...options, alarms: undefined } : options; // of its alarms FunctionAlarms tells
  warnOfUnknownParts(resource as Construct, 'cdk-jobworks:monitored.unknownProps', `Monitored.${factory}()`, told, structKind('{ … }', all));
}
