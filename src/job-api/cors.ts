import type { Duration } from 'aws-cdk-lib';

/** Which pages may call an API from a browser. No cookies are ever sent: callers are known by what the page puts into a header. */
export interface JobApiCors {
  /** The origins of the pages, such as `https://app.example.com` or `http://localhost:3000`, without a path; or `*` alone, for every page. */
  readonly allowOrigins: string[];

  /**
   * How long a browser need not ask again what is allowed, up to a day. Browsers have limits of their own, of two hours or less.
   *
   * @default Duration.hours(1)
   */
  readonly maxAge?: Duration;
}
