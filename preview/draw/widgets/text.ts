import { drawnLine, widthOfRuns, wrapped, type TextStyle } from '../markdown/lines';
import { parseMarkdown, type Block, type Run } from '../markdown/parse';
import { at, el, group, type Svg } from '../svg';
import { label } from '../text';
import type { Theme } from '../theme';
import { PADDING, type Canvas } from './frame';

/** Something that is so high. */
interface Piled {
  readonly svg: Svg;
  readonly height: number;
}

const BODY: TextStyle = { size: 13 };
const HEADINGS: readonly TextStyle[] = [{ size: 21, bold: true }, { size: 18, bold: true }, { size: 15, bold: true }, { size: 13, bold: true }];
const CELL = { across: 10, above: 8 };
const NARROWEST = 64;

/** A text widget: what is written in it, cut off below as its window would cut it off, with a bar that says so. */
export function textWidget({ width, height, theme }: Canvas, markdown: string, background: 'solid' | 'transparent' = 'solid'): Svg {
  const inner = width - 2 * PADDING;
  const blocks = parseMarkdown(markdown).map((block) => drawnBlock(block, inner, theme));
  const gaps = blocks.map((_, i) => i === 0 ? 0 : 8);
  const content = blocks.reduce((sum, { height: taken }, i) => sum + taken + gaps[i], 0);
  const top = content < height - 8 && height < 60 ? Math.max(4, (height - content) / 2) : Math.min(PADDING, Math.max(4, (height - content) / 2));
  let y = top;
  const drawn = blocks.map(({ svg, height: taken }, i) => {
    y += gaps[i];
    const piece = at(PADDING, y, svg);
    y += taken;
    return piece;
  });
  const visible = height - 2;
  return group(
    ...(background === 'solid' ? [el('rect', { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 6, fill: theme.card, stroke: theme.border })] : []),
    ...(y > height + 2 ? [
      el('svg', { width, height: visible }, ...drawn),
      el('rect', { x: width - 7, y: 3, width: 4, height: visible - 6, rx: 2, fill: theme.faint }),
      el('rect', { x: width - 7, y: 3, width: 4, height: Math.max(12, (visible - 6) * visible / y), rx: 2, fill: theme.dim }),
    ] : drawn),
  );
}

function drawnBlock(block: Block, width: number, theme: Theme): Piled {
  switch (block.kind) {
    case 'heading': return paragraph(block.runs, width, HEADINGS[Math.min(block.level, HEADINGS.length) - 1], theme);
    case 'paragraph': return paragraph(block.runs, width, BODY, theme);
    case 'item': {
      const indent = 16 + 18 * block.depth;
      const { svg, height } = paragraph(block.runs, width - indent, BODY, theme);
      return { svg: group(label(block.mark, indent - 14, 14, { ...BODY, fill: theme.dim }), at(indent, 0, svg)), height };
    }
    case 'code': return {
      svg: group(el('rect', { width, height: block.lines.length * 17 + 12, rx: 4, fill: theme.code }),
        ...block.lines.map((line, i) => label(line, 8, 19 + 17 * i, { size: 12, mono: true, fill: theme.text }))),
      height: block.lines.length * 17 + 12,
    };
    case 'rule': return { svg: el('path', { d: `M0 4.5H${Math.round(width)}`, stroke: theme.border }), height: 9 };
    case 'table': return tableOf(block, width, theme);
  }
}

function paragraph(runs: readonly Run[], width: number, style: TextStyle, theme: Theme): Piled {
  const pitch = Math.round(style.size * 1.42);
  const lines = wrapped(runs, width, style);
  const first = Math.round(style.size * 1.08);
  return { svg: group(...lines.map((line, i) => drawnLine(line, 0, first + i * pitch, style, theme))), height: lines.length * pitch };
}

function tableOf({ head, rows }: Extract<Block, { kind: 'table' }>, width: number, theme: Theme): Piled {
  const all = [head, ...rows];
  const style = (row: number): TextStyle => row === 0 ? { ...BODY, bold: true } : BODY;
  const wanted = head.map((_, c) => Math.max(...all.map((row, r) => widthOfRuns(row[c] ?? [], style(r)))) + 2 * CELL.across + 4);
  const widths = columnsWithin(wanted, width);
  const lefts = widths.map((_, c) => widths.slice(0, c).reduce((a, b) => a + b, 0));
  let y = 0;
  const drawn = all.map((row, r) => {
    const contents = widths.map((room, c) => paragraph(row[c] ?? [], room - 2 * CELL.across, style(r), theme));
    const height = Math.max(...contents.map((content) => content.height)) + 2 * CELL.above;
    const piece = at(0, y,
      ...(r === 0 ? [el('rect', { width: lefts.at(-1)! + widths.at(-1)!, height, fill: theme.code })] : []),
      ...contents.map((content, c) => at(lefts[c] + CELL.across, CELL.above, content.svg)),
      el('path', { d: `M0 ${Math.round(height) - 0.5}H${Math.round(lefts.at(-1)! + widths.at(-1)!)}`, stroke: theme.border }));
    y += height;
    return piece;
  });
  return { svg: group(...drawn), height: y };
}

/** Columns as wide as they want to be; where they want too much, those with long texts are broken into lines. */
function columnsWithin(wanted: readonly number[], width: number): number[] {
  const sum = wanted.reduce((a, b) => a + b, 0);
  if (sum <= width) return [...wanted];
  const fair = width / wanted.length;
  const small = wanted.map((want) => want <= fair ? want : 0);
  const left = width - small.reduce((a, b) => a + b, 0);
  const large = wanted.map((want, c) => small[c] > 0 ? 0 : Math.sqrt(want));
  const weights = large.reduce((a, b) => a + b, 0);
  return wanted.map((_, c) => small[c] > 0 ? small[c] : Math.max(NARROWEST, left * large[c] / weights));
}
