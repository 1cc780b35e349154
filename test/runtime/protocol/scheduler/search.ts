import { Bounds } from './bounds';
import { Edges } from './edges';
import { Model } from './model';
import { Rules } from './rules';
import { decode, encode, isAtRest, State } from './state';

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

/**
 * Every state that can be reached, nearest first, so that the first violation has the shortest path. When none is broken by
 * itself, it is seen that from each of them the job can still come to rest: nothing goes round for ever.
 */
export function search(bounds: Bounds, rules: Rules, progress?: Progress): Found {
  const model = new Model(bounds, rules);
  const states = [encode(model.initial())];
  const cameFrom = [-1];
  const seen = new Map([[states[0], 0]]);
  const edges = new Edges();
  const resting: number[] = [];
  const kinds = new Set<string>();
  let bad: { readonly label: string; readonly problem: string; readonly state: State } | undefined;
  let index = 0;

  for (; index < states.length && !bad; index++) {
    model.successors(decode(states[index]), (label, next, wrong) => {
      if (bad) {
        return;
      }
      kinds.add(label);
      const text = encode(next);
      const known = seen.get(text);
      const problem = wrong ?? (known === undefined ? model.broken(next) : undefined);
      if (problem) {
        bad = { label, problem, state: next };
        return;
      }
      edges.add(index, known ?? states.length);
      if (known === undefined) {
        if (isAtRest(next)) {
          resting.push(states.length);
        }
        seen.set(text, states.length);
        states.push(text);
        cameFrom.push(index);
      }
    });
    if (index % 100_000 === 0) {
      progress?.(states.length, states.length - index);
    }
  }
  const violation = bad
    ? { problem: bad.problem, path: [...path(model, states, cameFrom, index - 1), line(model, bad.label, bad.state)] }
    : restless(edges.firstLost(states.length, resting));
  return { states: states.length, kinds, violation };

  function restless(lost: number | undefined): Violation | undefined {
    return lost === undefined ? undefined : { problem: 'the job can never come to rest', path: path(model, states, cameFrom, lost) };
  }
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
