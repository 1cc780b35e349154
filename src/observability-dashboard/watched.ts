import type { IMonitored, Monitoring } from '../monitoring/monitored';

/** Something on the page, with what it said there is to watch of it. */
export interface Watched {
  readonly monitored: IMonitored;
  readonly monitoring: Monitoring;
}

/** How much of the page is shown. */
export interface Detail {
  /** Each thing with all its rows, in one row of its own, or as a line in graphs that it shares with others. */
  readonly things: 'whole' | 'folded' | 'listed';
  /** Numbers, by service and for each thing; by service alone; nothing. */
  readonly costs: 'whole' | 'byService' | 'none';
}

/** What is tried in turn, until it fits. Many things are better read as lines than without what they cost. */
export const DETAILS: readonly Detail[] = [
  { things: 'whole', costs: 'whole' },
  { things: 'whole', costs: 'byService' },
  { things: 'whole', costs: 'none' },
  { things: 'folded', costs: 'whole' },
  { things: 'folded', costs: 'byService' },
  { things: 'listed', costs: 'byService' },
  { things: 'folded', costs: 'none' },
  { things: 'listed', costs: 'none' },
];
