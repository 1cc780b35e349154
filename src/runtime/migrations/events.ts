/** What happens while migrations are applied, for who watches. */
export type MigrationEvent =
  /** Somebody else migrates; told every few seconds. */
  | { readonly kind: 'waiting'; readonly seconds: number; readonly holder: string }
  | { readonly kind: 'extension'; readonly name: string }
  | { readonly kind: 'role'; readonly name: string }
  /** A file begins. */
  | { readonly kind: 'file'; readonly path: string; readonly index: number; readonly of: number; readonly again: boolean }
  | { readonly kind: 'applied'; readonly path: string; readonly seconds: number };

export type Report = (event: MigrationEvent) => void;
