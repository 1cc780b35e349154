/** The parts of a dashboard's body that are drawn and judged. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export interface DashboardBody {
  readonly start?: string;
  readonly end?: string;
  readonly periodOverride?: 'auto' | 'inherit';
  readonly widgets: readonly Widget[];
}

/** A place on the grid of 24 columns, and what stands there. */
export interface Placed<Type extends string, Properties> {
  readonly type: Type;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly properties: Properties;
}

export type MetricWidget = Placed<'metric', MetricProperties>;
export type TextWidget = Placed<'text', { readonly markdown: string; readonly background?: 'solid' | 'transparent' }>;
export type AlarmWidget = Placed<'alarm', AlarmProperties>;
export type LogWidget = Placed<'log', LogProperties>;
export type OtherWidget = Placed<'explorer' | 'custom', { readonly title?: string }>;
export type Widget = MetricWidget | TextWidget | AlarmWidget | LogWidget | OtherWidget;

export type View = 'timeSeries' | 'singleValue' | 'gauge' | 'bar' | 'pie' | 'table';

export interface MetricProperties {
  readonly title?: string;
  readonly region?: string;
  readonly view?: View;
  readonly metrics?: readonly (readonly unknown[])[];
  /** A time of its own up to now, as `-P14D`. */
  readonly start?: string;
  readonly end?: string;
  readonly period?: number;
  readonly stat?: string;
  readonly stacked?: boolean;
  readonly sparkline?: boolean;
  readonly setPeriodToTimeRange?: boolean;
  readonly legend?: { readonly position?: 'right' | 'bottom' | 'hidden' };
  readonly yAxis?: { readonly left?: AxisProperties; readonly right?: AxisProperties };
  readonly annotations?: Annotations;
}

export interface AxisProperties {
  readonly label?: string;
  readonly min?: number;
  readonly max?: number;
  readonly showUnits?: boolean;
}

export interface Annotations {
  readonly alarms?: readonly string[];
  /** A line, or two that are the edges of a band. */
  readonly horizontal?: readonly (HorizontalLine | readonly HorizontalLine[])[];
  readonly vertical?: readonly unknown[];
}

export interface HorizontalLine {
  readonly value: number;
  readonly label?: string;
  readonly color?: string;
  readonly fill?: 'above' | 'below' | 'none';
  readonly visible?: boolean;
  readonly yAxis?: 'left' | 'right';
}

export interface AlarmProperties {
  readonly title?: string;
  readonly alarms: readonly string[];
  readonly sortBy?: 'default' | 'stateUpdatedTimestamp' | 'timestamp';
  readonly states?: readonly AlarmState[];
}

export type AlarmState = 'ALARM' | 'INSUFFICIENT_DATA' | 'OK';

export interface LogProperties {
  readonly title?: string;
  readonly region?: string;
  readonly query: string;
  readonly view?: 'table' | 'timeSeries' | 'bar' | 'pie';
  readonly stacked?: boolean;
}

/** What a place on the grid has that says nothing else. */
export const DEFAULT_SIZE = 6;
export const DEFAULT_PERIOD = 300;
export const GRID_COLUMNS = 24;
