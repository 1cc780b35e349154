/** As whom a function comes to a database. Migrations make the roles; neither has a password, or owns anything. */
export enum PostgresRole {
  /** Reads and writes the application's tables. It cannot create, change or drop one. */
  APP = 'app',
  /** Reads the application's tables, and no more. */
  READONLY = 'readonly',
}
