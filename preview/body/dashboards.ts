import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DashboardBody } from './body';
import { StandIns, type Resource, type Template } from './stand-ins';

/** A dashboard of an app, as CloudWatch would be given it, with stand-ins for what only a deployment knows. */
export interface Dashboard {
  readonly name: string;
  /** The template it stands in, without the ending of its file. */
  readonly stack?: string;
  readonly body: DashboardBody;
}

/** An alarm of an app, resolved likewise. */
export interface AlarmDefinition {
  readonly name: string;
  readonly type: 'AWS::CloudWatch::Alarm' | 'AWS::CloudWatch::CompositeAlarm';
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Watched {
  readonly dashboards: readonly Dashboard[];
  readonly alarms: readonly AlarmDefinition[];
  /** Seconds in which functions must be done, by their names. */
  readonly timeouts: ReadonlyMap<string, number>;
}

/** A dashboard's body is no JSON once its references have stand-ins. */
export class BodyUnreadable extends Error {
  readonly name = 'BodyUnreadable';
}

/** Lambda's own, in seconds. */
const DEFAULT_TIMEOUT = 3;

/** What there is to see in a folder that `cdk synth` wrote, nested stacks and stages too. */
export function watchedIn(assembly: string): Watched {
  const files = readdirSync(assembly, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.template.json')).sort();
  const stacks = files.map((file) => basename(file).replace('.template.json', ''));
  return watchedOf(files.map((file) => JSON.parse(readFileSync(join(assembly, file), 'utf8')) as Template), stacks);
}

/** @param stacks the names of the templates, if they have some */
export function watchedOf(templates: readonly Template[], stacks: readonly string[] = []): Watched {
  const standIns = new StandIns(templates);
  const found = templates.flatMap((template) => Object.entries(template.Resources ?? {}).map(([id, resource]) => ({ id, resource, template })));
  return {
    dashboards: found.filter(({ resource }) => resource.Type === 'AWS::CloudWatch::Dashboard').map(({ id, resource, template }) => ({
      name: standIns.nameOf(id, template),
      stack: stacks[templates.indexOf(template)],
      body: parsed(id, standIns.resolve(resource.Properties?.DashboardBody, template)),
    })),
    alarms: found.flatMap(({ id, resource, template }) => isAlarm(resource) ? [{
      name: standIns.nameOf(id, template),
      type: resource.Type,
      properties: standIns.resolve(resource.Properties ?? {}, template) as Record<string, unknown>,
    }] : []),
    timeouts: new Map(found.filter(({ resource }) => resource.Type === 'AWS::Lambda::Function').map(({ id, resource, template }) =>
      [standIns.nameOf(id, template), Number(resource.Properties?.Timeout ?? DEFAULT_TIMEOUT)] as const)),
  };
}

function isAlarm(resource: Resource): resource is Resource & { readonly Type: AlarmDefinition['type'] } {
  return resource.Type === 'AWS::CloudWatch::Alarm' || resource.Type === 'AWS::CloudWatch::CompositeAlarm';
}

function parsed(id: string, text: unknown): DashboardBody {
  try {
    return JSON.parse(String(text)) as DashboardBody;
  } catch (error) {
    throw new BodyUnreadable(`The body of ${id} is no JSON: ${(error as Error).message}`);
  }
}
