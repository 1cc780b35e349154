import { Bounds, initial, Model, Programs, State } from './model';
import { Edges } from '../scheduler/edges';

export interface Found {
  readonly states: number;
  readonly kinds: ReadonlySet<string>;
  readonly violation?: { readonly problem: string; readonly path: readonly string[] };
}

const MOST = 300_000;

/** Every state that can be reached, nearest first; and from each of them everything must still be able to come to its end. */
export function search(bounds: Bounds, programs: Programs): Found {
  const model = new Model(programs);
  const states: State[] = [initial(bounds)];
  const cameFrom: [number, string][] = [[-1, '']];
  const seen = new Map([[encode(states[0]), 0]]);
  const edges = new Edges();
  const goals: number[] = [];
  const kinds = new Set<string>();
  const pathTo = (index: number): string[] => {
    const path: string[] = [];
    for (let at = index; cameFrom[at][0] >= 0; [at] = cameFrom[at]) path.unshift(cameFrom[at][1]);
    return path;
  };
  for (let index = 0; index < states.length; index++) {
    const state = states[index];
    if (states.length > MOST) {
      throw new Error(`more than ${MOST} states: ${pathTo(index).join(', ')}; ${JSON.stringify(state)}`);
    }
    const problem = model.broken(state);
    if (problem) {
      return { states: states.length, kinds, violation: { problem, path: pathTo(index) } };
    }
    if (model.isGoal(state)) goals.push(index);
    let wrong: { problem: string; path: string[] } | undefined;
    model.successors(state, (label, next, broken) => {
      kinds.add(label);
      if (broken) wrong ??= { problem: broken, path: [...pathTo(index), label] };
      const key = encode(next);
      let number = seen.get(key);
      if (number === undefined) {
        number = states.push(next) - 1;
        seen.set(key, number);
        cameFrom.push([index, label]);
      }
      edges.add(index, number);
    });
    if (wrong) {
      return { states: states.length, kinds, violation: wrong };
    }
  }
  const lost = edges.firstLost(states.length, goals);
  return {
    states: states.length, kinds, ...(lost !== undefined && { violation: { problem: 'nothing leads to an end from here', path: pathTo(lost) } }),
  };
}

function encode(state: State): string {
  const sorted = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort();
  return JSON.stringify([
    state.record, sorted(state.messages), sorted(state.processes), state.executions, sorted(state.told), sorted(state.slots), sorted(state.late),
    state.overdue, state.lost, state.asked, state.left,
  ]);
}
