/**
 * What a server says, or the network, when a connection cannot be had now and may be had soon: while it starts, stops or fails over,
 * and when it has as many connections as it takes.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SOON_AGAIN = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
  '08000', '08001', '08003', '08004', '08006',
]);

/** As `pg` says it where there is no code. */
const CLOSED = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|timeout expired)/;

/** Whether an error tells of a connection and not of a statement. Whether a statement that was under way was executed, nobody knows then. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return (typeof code === 'string' && SOON_AGAIN.has(code)) || (typeof message === 'string' && CLOSED.test(message));
}
