import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployedStack } from './deploy';
import type { LocalCloud } from './local-cloud';

/**
 * What became of a resource here:
 * - `executed`: it works as its type works on AWS, within what docs/local-cloud.md says
 * - `recorded`: it can be referred to, and has no effect
 * - `skipped`: nothing was made of it
 */
export type LedgerState = 'executed' | 'recorded' | 'skipped';

/** How the emulator says that it provisions a resource; see overlay/ledger.py. */
type Provisioner = 'service' | 'overlay' | 'metadata' | 'stub' | 'custom';

export interface ObservedResource {
  readonly stack: string;
  readonly logical_id: string;
  readonly type: string;
  readonly provisioner: Provisioner;
  readonly note: string | null;
}

export interface Observation {
  readonly emulator: string;
  readonly auth: boolean;
  readonly resources: readonly ObservedResource[];
}

/** The committed expectations, by resource type. The texts say why a type is not executed. */
export interface AllowList {
  readonly executed: readonly string[];
  readonly executedWithAuth: Readonly<Record<string, string>>;
  readonly recorded: Readonly<Record<string, string>>;
  readonly skipped: Readonly<Record<string, string>>;
}

export interface LedgerEntry {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly state: LedgerState;
  /** Why it is not executed. */
  readonly because?: string;
}

export interface Ledger {
  readonly emulator: string;
  readonly entries: readonly LedgerEntry[];
  readonly counts: Readonly<Record<LedgerState, number>>;
  /** What differs from the allow-list; a run with findings must fail. */
  readonly findings: readonly string[];
}

const ALLOW_LIST = join(__dirname, 'ledger.allow.json');
/** Which states each way of provisioning can honestly be called. */
const POSSIBLE: Readonly<Record<Provisioner, readonly LedgerState[]>> = {
  service: ['executed', 'recorded'],
  overlay: ['executed'],
  custom: ['executed'],
  metadata: ['recorded'],
  stub: ['skipped'],
};

/** Ask the local cloud what it made of each resource of these stacks, and judge it against the committed allow-list. */
export async function readLedger(cloud: LocalCloud, stacks: readonly DeployedStack[]): Promise<Ledger> {
  const response = await fetch(`${cloud.endpoint}/_local-cloud/ledger`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`The local cloud's ledger answered ${response.status}.`);
  return judge(await response.json() as Observation, stacks, JSON.parse(readFileSync(ALLOW_LIST, 'utf8')) as AllowList);
}

export function judge(observed: Observation, stacks: readonly Pick<DeployedStack, 'name' | 'resources'>[], allow: AllowList): Ledger {
  const entries: LedgerEntry[] = [];
  const findings = new Set<string>();
  for (const stack of stacks) {
    for (const [logicalId, { Type: type, Condition: condition }] of Object.entries(stack.resources ?? {})) {
      const found = observed.resources.find(resource => resource.stack === stack.name && resource.logical_id === logicalId);
      if (!found && condition) continue; // left out by its condition, as on AWS
      const { finding, ...verdict } = found ? judgeResource(found, expectation(type, allow, observed.auth)) : missing(type, logicalId);
      if (finding) findings.add(finding);
      entries.push({ stack: stack.name, logicalId, type, ...verdict });
    }
  }
  const count = (state: LedgerState) => entries.filter(entry => entry.state === state).length;
  return {
    emulator: observed.emulator,
    entries,
    counts: { executed: count('executed'), recorded: count('recorded'), skipped: count('skipped') },
    findings: [...findings],
  };
}

/** For people: one line a type and state, and the sum. */
export function formatLedger(ledger: Ledger): string {
  const groups = new Map<string, { entry: LedgerEntry; count: number }>();
  for (const entry of ledger.entries) {
    const key = [entry.state, entry.type, entry.because].join('|');
    groups.set(key, { entry, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  const order: LedgerState[] = ['executed', 'recorded', 'skipped'];
  const rows = [...groups.values()].sort((a, b) =>
    order.indexOf(a.entry.state) - order.indexOf(b.entry.state) || a.entry.type.localeCompare(b.entry.type));
  const width = Math.max(0, ...rows.map(({ entry }) => entry.type.length));
  const { executed, recorded, skipped } = ledger.counts;
  return [
    ...rows.map(({ entry, count }) => `${entry.state.padEnd(8)} ${String(count).padStart(3)}  ${entry.type.padEnd(width)}  ${entry.because ?? ''}`.trimEnd()),
    `${executed} executed, ${recorded} recorded, ${skipped} skipped (${ledger.emulator})`,
    ...ledger.findings.map(finding => `! ${finding}`),
  ].join('\n');
}

/** Throw when something is not as the allow-list says. */
export function assertLedger(ledger: Ledger): void {
  if (ledger.findings.length > 0) {
    throw new Error(`The local cloud does not do what e2e/local-cloud/ledger.allow.json promises:\n${ledger.findings.map(text => `  ${text}`).join('\n')}`);
  }
}

interface Verdict {
  readonly state: LedgerState;
  readonly because?: string;
  readonly finding?: string;
}

interface Expectation {
  readonly state: LedgerState;
  readonly because?: string;
}

function expectation(type: string, allow: AllowList, auth: boolean): Expectation | undefined {
  if (allow.executed.some(name => name === type || (name.endsWith('*') && type.startsWith(name.slice(0, -1))))) return { state: 'executed' };
  if (type in allow.executedWithAuth) return auth ? { state: 'executed' } : { state: 'recorded', because: allow.executedWithAuth[type] };
  if (type in allow.recorded) return { state: 'recorded', because: allow.recorded[type] };
  if (type in allow.skipped) return { state: 'skipped', because: allow.skipped[type] };
  return undefined;
}

function judgeResource({ type, logical_id: logicalId, provisioner, note }: ObservedResource, expected: Expectation | undefined): Verdict {
  const possible = POSSIBLE[provisioner];
  if (!expected) {
    return { state: possible[0], finding: `${type} is not on the allow-list; the emulator can call it ${possible.join(' or ')}. Add it where it belongs.` };
  }
  if (!possible.includes(expected.state)) {
    return { state: possible[0], finding: `${type} should be ${expected.state}, and is ${possible.join(' or ')}: the emulator provisions it by ${provisioner}.` };
  }
  if (note && expected.state === 'executed') {
    return { state: 'recorded', because: note, finding: `${logicalId} (${type}) should be executed: ${note}` };
  }
  return expected;
}

function missing(type: string, logicalId: string): Verdict {
  return { state: 'skipped', because: 'not there', finding: `${logicalId} (${type}) is in the template and not in the emulator.` };
}
