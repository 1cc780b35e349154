import { scaleLinear, scaleSymlog } from 'd3-scale';
import { line } from 'd3-shape';

/** A system over loads: what is planned, and what was simulated. */
export interface Panel {
  readonly name: string;
  readonly points: readonly PlotPoint[];
}

export interface PlotPoint {
  /** By the expected load. */
  readonly times: number;
  readonly planned: number;
  readonly simulated: number;
}

const PANEL = { width: 270, height: 190, left: 52, right: 22, top: 34, bottom: 40 };
const COLUMNS = 3;
const HEADER = 46;
const TICKS = [0, 1, 10, 60, 600, 3_600, 36_000];

/** Light and dark by what the reader's page is; text stays text. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; } .small { font-size: 11px; fill: #57606a; }
  .back { fill: #ffffff; } .grid { stroke: #d0d7de; } .expected { stroke: #57606a; stroke-dasharray: 3 3; }
  .plan { stroke: #0969da; stroke-width: 2; fill: none; } .seen { fill: #bc4c00; stroke: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .small { fill: #9198a1; } .back { fill: #0d1117; } .grid { stroke: #30363d; } .expected { stroke: #9198a1; }
    .plan { stroke: #58a6ff; } .seen { fill: #f0883e; stroke: #0d1117; }
  }`;

/** Waits of 19 in 20 jobs at the peak against the load, panel by panel, as an SVG. */
export function plotOf(panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / COLUMNS);
  const [width, height] = [COLUMNS * PANEL.width, HEADER + rows * PANEL.height];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    '<title id="title">How long 19 of 20 jobs wait at most at the peak, by how much of the expected load comes: planned and simulated</title>',
    `<style>${STYLE}</style>`,
    `<rect class="back" width="${width}" height="${height}"/>`,
    '<text class="title" x="16" y="22">Wait of 19 in 20 jobs at the peak, by load</text>',
    '<line class="plan" x1="420" x2="444" y1="18" y2="18"/><text x="450" y="22">planned</text>',
    '<circle class="seen" cx="532" cy="18" r="4"/><text x="542" y="22">simulated</text>',
    '<line class="expected" x1="636" x2="660" y1="18" y2="18"/><text x="666" y="22">expected load</text>',
    ...panels.map((panel, index) =>
      `<g transform="translate(${(index % COLUMNS) * PANEL.width} ${HEADER + Math.floor(index / COLUMNS) * PANEL.height})">\n${panelOf(panel)}\n</g>`),
    '</svg>',
    '',
  ].join('\n');
}

function panelOf({ name, points }: Panel): string {
  const { width, height, left, right, top, bottom } = PANEL;
  const loads = points.map(({ times }) => times);
  const highest = Math.max(2, ...points.flatMap(({ planned, simulated }) => [planned, simulated]));
  const x = scaleLinear([Math.min(...loads), Math.max(...loads)], [left, width - right]);
  const y = scaleSymlog([0, highest * 1.3], [height - bottom, top]).constant(1);
  const path = line<PlotPoint>(({ times }) => x(times), ({ planned }) => y(planned))(points) ?? '';
  return [
    `<text class="title" x="${left}" y="${top - 14}">${name}</text>`,
    ...TICKS.filter(tick => tick <= highest * 1.3).map(tick =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>`
      + `<text class="small" x="${left - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${timeOf(tick)}</text>`),
    ...loads.filter((_, index) => index % 2 === 0).map(load =>
      `<text class="small" x="${at(x(load))}" y="${height - bottom + 16}" text-anchor="middle">${load} ×</text>`),
    `<line class="expected" x1="${at(x(1))}" x2="${at(x(1))}" y1="${top}" y2="${height - bottom}"/>`,
    `<path class="plan" d="${path.replace(/\d+\.\d+/g, number => at(Number(number)))}"/>`,
    ...points.map(({ times, simulated }) => `<circle class="seen" cx="${at(x(times))}" cy="${at(y(simulated))}" r="4"/>`),
  ].join('\n');
}

function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function timeOf(seconds: number): string {
  return seconds === 0 ? '0' : seconds < 60 ? `${seconds} s` : seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`;
}
