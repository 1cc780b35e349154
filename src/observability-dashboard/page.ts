import { Annotations, Stack } from 'aws-cdk-lib';
import { Column, Row, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { costRows } from './cost-section';
import { NO_INSIGHTS, type Insights } from './insights';
import { logRows } from './logs-section';
import { plain } from './markdown';
import { beyondQuotas, QUOTAS } from './quotas';
import { textWidget } from './text-widget';
import { alarmRows, foldedRow, listedRows, numberRow } from './verdict';
import { DETAILS, type Detail, type Watched } from './watched';
import { whatToDo } from './what-to-do';
import { DashboardSection } from '../monitoring/monitored';

/** What the sections are called. */
const HEADINGS: Readonly<Record<DashboardSection, string>> = {
  [DashboardSection.FLOW]: 'Flow',
  [DashboardSection.LATENCY]: 'Latency',
  [DashboardSection.API]: 'API',
  [DashboardSection.WORKERS]: 'Workers',
  [DashboardSection.DATABASE]: 'Database',
  [DashboardSection.NETWORK]: 'Network',
  [DashboardSection.COST]: 'Cost',
  [DashboardSection.LOGS]: 'Logs',
};

/** What a page is made from. */
export interface PageOptions {
  readonly title: string;
  /** How many things there may be for each to have all its rows. */
  readonly foldAfter: number;
  readonly runbooks: string;
}

interface Built {
  /** Of so many things: there may be more by the next time. */
  readonly count: number;
  readonly height: number;
  readonly widgets: object[];
  readonly errors: readonly string[];
}

/**
 * Everything on the page, as one widget: what is watched is only known when the app is synthesised, and so is how much of it fits.
 */
export class DashboardPage implements IWidget {
  public readonly width = QUOTAS.width;
  private y = 0;
  private last?: Built;
  private insights = NO_INSIGHTS;

  /**
   * @param scope whom warnings are about
   * @param things what is shown; more may come until the page is asked for
   */
  constructor(private readonly scope: Construct, private readonly options: PageOptions, private readonly things: readonly Watched[]) {}

  /** Says what was made of the logs, when everything is known. */
  public complete(insights: Insights): void {
    this.insights = insights;
    this.last = undefined;
  }

  public get height(): number {
    return this.built().height;
  }

  /** What makes it impossible to show the page. */
  public errors(): readonly string[] {
    return this.built().errors;
  }

  public position(_x: number, y: number): void {
    if (y !== this.y) {
      this.y = y;
      this.last = undefined;
    }
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as IWidget has it
  public toJson(): any[] {
    return this.built().widgets;
  }

  /** Once for what there is: the references in it must be the same whenever they are asked for. */
  private built(): Built {
    if (this.last?.count !== this.things.length) {
      this.last = this.build();
    }
    return this.last;
  }

  private build(): Built {
    const count = this.things.length;
    const details = DETAILS.filter(({ things }) => things !== 'whole' || count <= this.options.foldAfter);
    const tried: string[][] = [];
    for (const detail of details) {
      const column = new Column(...this.rows(detail, tried).map((row) => new Row(...row)));
      column.position(0, this.y);
      const widgets = column.toJson() as object[];
      const beyond = beyondQuotas(Stack.of(this.scope), widgets);
      if (beyond.length === 0) {
        this.warnOf(detail, tried);
        return { count, height: column.height, widgets, errors: [] };
      }
      tried.push(beyond);
    }
    return {
      count,
      height: 0,
      widgets: [],
      errors: [
        `The page of ${count} things does not fit, even with one line for each: ${tried.at(-1)!.join(', ')}. `
      + 'Fix: make several dashboards, each of fewer things, such as one for each team or system.',
      ],
    };
  }

  private warnOf(detail: Detail, tried: readonly string[][]): void {
    if (tried.length > 0) {
      Annotations.of(this.scope).addWarningV2('cdk-jobworks:dashboard.folded',
        `The page would be too large (${tried[0]!.join(', ')}): ${leftOut(detail).join(' ')} Make several dashboards of it, or acknowledge this.`);
    }
  }

  private rows(detail: Detail, tried: readonly string[][]): IWidget[][] {
    const { things, options: { title, runbooks, foldAfter } } = this;
    const whole = detail.things === 'whole';
    const why = tried.length > 0 ? 'CloudWatch takes no larger page.' : `There are more than ${foldAfter} of them (\`foldAfter\`).`;
    const left = leftOut(detail);
    return [
      [textWidget([
        `# ${plain(title)}`,
        'Read from top to bottom: which alarms ring, how much arrives, fails and waits, where it comes from, what the logs say. What to do about each alarm stands at the end.',
        ...(left.length > 0 ? [`**${left.join(' ')}** ${why}`] : []),
        ...this.insights.leftOut,
      ].join('\n\n'), { height: 2 + (left.length > 0 ? 1 : 0) + this.insights.leftOut.length })],
      ...alarmRows(things),
      ...(whole ? [numberRow(things)] : []),
      ...(detail.things === 'folded' ? things.map(foldedRow) : []),
      ...(detail.things === 'listed' ? listedRows(things) : []),
      ...Object.values(DashboardSection).flatMap((section) => this.section(section, detail)),
      ...whatToDo(things, runbooks),
    ].filter((row) => row.length > 0);
  }

  /** A section has a heading where it has anything. */
  private section(section: DashboardSection, detail: Detail): IWidget[][] {
    const own = this.things.flatMap(({ monitoring: { rows = [] } }) => rows).filter((row) => row.section === section && row.widgets.length > 0);
    const rows = [
      ...(section === DashboardSection.COST ? costRows(this.things, detail.costs) : []),
      ...(section === DashboardSection.LOGS ? logRows(this.scope, this.things, this.insights) : []),
      ...(detail.things === 'whole' ? own.map(({ widgets }) => widgets) : []),
    ];
    return rows.length > 0 ? [[textWidget(`## ${HEADINGS[section]}`, { height: 1 })], ...rows] : [];
  }
}

/** What is not shown, in words. */
function leftOut({ things, costs }: Detail): string[] {
  return [
    ...(things === 'folded' ? ['Each thing has one row here.'] : []),
    ...(things === 'listed' ? ['Each thing is one line in graphs here.'] : []),
    ...(costs === 'byService' ? ['Costs are by service alone.'] : []),
    ...(costs === 'none' ? ['Costs are left out.'] : []),
  ];
}
