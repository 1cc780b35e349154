import { Bounds } from './bounds';
import { Model } from './model';
import { Rules } from './rules';
import { decode, encode, State } from './state';

export interface Found {
  readonly states: number;
  readonly kinds: ReadonlySet<string>;
  readonly violation?: Violation;
}

export interface Violation {
  readonly problem: string;
  /** The shortest way there: what happened, and the record after it. */
  readonly path: readonly string[];
}

/** Told now and then how many states were seen, and how many of them are still to be looked at. */
export type Progress = (seen: number, waiting: number) => void;

/** Every state that can be reached, nearest first, so that the first violation has the shortest path. */
export function search(bounds: Bounds, rules: Rules, progress?: Progress): Found {
  const model = new Model(bounds, rules);
  const states = [encode(model.initial())];
  const cameFrom = [-1];
  const seen = new Set(states);
  const kinds = new Set<string>();
  let bad: { readonly from: number; readonly label: string; readonly problem: string; readonly state: State } | undefined;

  for (let index = 0; index < states.length && !bad; index++) {
    model.successors(decode(states[index]), (label, next, wrong) => {
      kinds.add(label);
      const text = encode(next);
      if (bad || (seen.has(text) && !wrong)) {
        return;
      }
      const problem = wrong ?? model.broken(next);
      if (problem) {
        bad = { from: index, label, problem, state: next };
        return;
      }
      seen.add(text);
      states.push(text);
      cameFrom.push(index);
    });
    if (index % 100_000 === 0) {
      progress?.(states.length, states.length - index);
    }
  }
  const violation = bad && { problem: bad.problem, path: [...path(model, states, cameFrom, bad.from), line(model, bad.label, bad.state)] };
  return { states: states.length, kinds, violation };
}

/** The steps that lead to a state; their names are found again by taking them again. */
function path(model: Model, states: readonly string[], cameFrom: readonly number[], last: number): string[] {
  const lines: string[] = [];
  for (let index = last; cameFrom[index] >= 0; index = cameFrom[index]) {
    let found = '?';
    model.successors(decode(states[cameFrom[index]]), (label, next) => {
      if (encode(next) === states[index]) {
        found = line(model, label, next);
      }
    });
    lines.unshift(found);
  }
  return lines;
}

function line(model: Model, label: string, { record }: State): string {
  const found = model.world.record(record);
  const shown = found
    ? `${found.status} generation ${found.generation} run ${found.run} attempt ${found.attempt}${found.cancel_requested ? ' cancel requested' : ''}`
    : 'no record';
  return `${label.padEnd(50)} ${shown}`;
}
