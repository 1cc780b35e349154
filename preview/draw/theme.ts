/** Colours of a picture. */
export interface Theme {
  readonly page: string;
  readonly card: string;
  readonly border: string;
  readonly text: string;
  readonly dim: string;
  readonly faint: string;
  readonly code: string;
  readonly link: string;
  readonly states: Readonly<Record<'OK' | 'ALARM' | 'INSUFFICIENT_DATA', { readonly ink: string; readonly ground: string }>>;
  /** Of series that name none, in their order. */
  readonly series: readonly string[];
}

export type ThemeName = 'light' | 'dark';

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: {
    page: '#f2f4f7',
    card: '#ffffff',
    border: '#dce1e8',
    text: '#16202c',
    dim: '#5a6878',
    faint: '#e9edf2',
    code: '#eff2f6',
    link: '#0b62d0',
    states: {
      OK: { ink: '#17713c', ground: '#e3f4e9' }, ALARM: { ink: '#b3141d', ground: '#fde3e3' }, INSUFFICIENT_DATA: { ink: '#5a6878', ground: '#eceff3' },
    },
    series: ['#2f6fdb', '#ee8a1d', '#2b9f66', '#d4414c', '#8659cf', '#97674f', '#d259a3', '#6f7a87', '#96992a', '#1b9fb0'],
  },
  dark: {
    page: '#0e1318',
    card: '#192028',
    border: '#2c3642',
    text: '#e8edf3',
    dim: '#98a6b5',
    faint: '#27313c',
    code: '#26303b',
    link: '#74b5ff',
    states: {
      OK: { ink: '#63cf8d', ground: '#163626' }, ALARM: { ink: '#ff8b8b', ground: '#4a1d22' }, INSUFFICIENT_DATA: { ink: '#98a6b5', ground: '#27313c' },
    },
    series: ['#6a9ff5', '#f7a44c', '#4fc68c', '#f0707a', '#ae8af0', '#c39477', '#ea87c6', '#9daab8', '#c3c658', '#4cc9da'],
  },
};

/** A colour that a dashboard names, made for a light page, as it can be seen on this one. */
export function seen(color: string, theme: Theme): string {
  if (theme !== THEMES.dark) return color;
  const mixed = channels(color).map((value) => Math.round(value + (255 - value) * LIGHTER));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

const LIGHTER = 0.32;

/** Red, green and blue of `#rrggbb` or `#rgb`. */
export function channels(color: string): number[] {
  const digits = color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit).join('') : color.slice(1);
  return [0, 2, 4].map((place) => parseInt(digits.slice(place, place + 2), 16));
}

/** Widths are known of these alone; every system has one of them or one with the same widths. */
export const SANS = 'Arial, Helvetica, "Liberation Sans", sans-serif';
export const MONO = 'Menlo, Consolas, "DejaVu Sans Mono", monospace';
