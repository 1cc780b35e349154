import { wrap, type Style } from './style';
import type { Ledger, LedgerState } from '../local-cloud/ledger';

const STATES: readonly LedgerState[] = ['executed', 'recorded', 'skipped'];

/** What the local cloud executed of the template and what it only recorded, in a few lines. */
export function ledgerReport(ledger: Ledger, style: Style, width = Infinity): string {
  const { executed, recorded, skipped } = ledger.counts;
  const paint = { executed: (text: string) => text, recorded: style.yellow, skipped: style.red };
  const line = (state: LedgerState, text: string) => paint[state](wrap(`  ${state.padEnd(8)}  `, text, width));
  return [
    style.bold('What ran here'),
    `  ${executed} resources executed, ${recorded} only recorded, ${skipped} skipped (${ledger.emulator})`,
    ...STATES.flatMap((state) => byState(ledger, state).map((text) => line(state, text))),
  ].join('\n');
}

/** Executed types in one line; the others each with the reason. */
function byState(ledger: Ledger, state: LedgerState): string[] {
  const types = new Map<string, { count: number; because?: string }>();
  for (const { type, because } of ledger.entries.filter((entry) => entry.state === state)) {
    types.set(type, { count: (types.get(type)?.count ?? 0) + 1, because });
  }
  const entries = [...types].sort(([a], [b]) => a.localeCompare(b));
  if (state === 'executed') {
    return [`${entries.map(([type, { count }]) => named(type, count)).join(', ')}`];
  }
  return entries.map(([type, { count, because }]) => `${named(type, count)}: ${because ?? 'no reason given'}`);
}

function named(type: string, count: number): string {
  const name = type.replace(/^AWS::/, '');
  return count > 1 ? `${count}\u00a0${name}` : name; // no line break between the two
}
