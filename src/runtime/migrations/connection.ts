/** One session of a database, as far as migrations need it. It must be a session of the server's own, and none that a proxy shares. */
export interface Connection {
  /**
   * Sends a text as it is, which may have several statements, in one message.
   * @throws StatementError, ConnectionLost
   */
  send(text: string): Promise<void>;
  /** The rows of one statement. @throws StatementError, ConnectionLost */
  rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Closes the connection at once, whatever it is doing. */
  abandon(): void;
}

/** The server refused a statement, and the session lives on. */
export class StatementError extends Error {
  readonly name = 'StatementError';

  constructor(message: string, readonly fields: {
    readonly sqlstate: string;
    readonly detail?: string;
    readonly hint?: string;
    readonly where?: string;
    /** In characters of what was sent, from 1. */
    readonly position?: number;
    /** How many statements of the message were done before. */
    readonly completed: number;
  }) {
    super(message);
  }
}

/** The session has ended, and with it whatever transaction it had. */
export class ConnectionLost extends Error {
  readonly name = 'ConnectionLost';
}
