/** The steps between states, millions of them: from which states can some others be reached? */
export class Edges {
  private from = new Int32Array(1024);
  private to = new Int32Array(1024);
  private size = 0;

  public add(from: number, to: number): void {
    if (this.size === this.from.length) {
      this.from = grown(this.from);
      this.to = grown(this.to);
    }
    this.from[this.size] = from;
    this.to[this.size++] = to;
  }

  /** The first state, if any, from which none of `goals` can be reached. */
  public firstLost(states: number, goals: readonly number[]): number | undefined {
    const { starts, sources } = this.backwards(states);
    const reached = new Uint8Array(states);
    const waiting = [...goals];
    goals.forEach((goal) => { reached[goal] = 1; });
    for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
      for (let index = starts[state]; index < starts[state + 1]; index++) {
        if (reached[sources[index]] === 0) {
          reached[sources[index]] = 1;
          waiting.push(sources[index]);
        }
      }
    }
    const lost = reached.indexOf(0);
    return lost < 0 ? undefined : lost;
  }

  /** For each state, where one comes from: `sources` from `starts[state]` to `starts[state + 1]`. */
  private backwards(states: number): { readonly starts: Int32Array; readonly sources: Int32Array } {
    const starts = new Int32Array(states + 2);
    for (let edge = 0; edge < this.size; edge++) {
      starts[this.to[edge] + 2]++;
    }
    for (let state = 2; state < starts.length; state++) {
      starts[state] += starts[state - 1];
    }
    const sources = new Int32Array(this.size);
    for (let edge = 0; edge < this.size; edge++) {
      sources[starts[this.to[edge] + 1]++] = this.from[edge];
    }
    return { starts, sources };
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
