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

/** Executed types in one line; the others by the reason. */
function byState(ledger: Ledger, state: LedgerState): string[] {
  const entries = ledger.entries.filter((entry) => entry.state === state);
  if (state === 'executed') {
    return [typesOf(entries)];
  }
  const reasons = [...new Set(entries.map(({ because }) => because))];
  return reasons.map((reason) => `${typesOf(entries.filter(({ because }) => because === reason))}: ${reason ?? 'no reason given'}`).sort();
}

function typesOf(entries: Ledger['entries']): string {
  const counts = new Map<string, number>();
  entries.forEach(({ type }) => counts.set(type, (counts.get(type) ?? 0) + 1));
  return [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([type, count]) => named(type, count)).join(', ');
}

function named(type: string, count: number): string {
  const name = type.replace(/^AWS::/, '');
  return count > 1 ? `${count}\u00a0${name}` : name; // no line break between the two
}
