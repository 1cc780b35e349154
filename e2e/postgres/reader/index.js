const { openPool } = require('cdk-jobworks/postgres');

const pool = openPool();

/** Does what it is told in SQL, and says as whom it came and how. */
exports.handler = async ({ sql, values }) => {
  const client = await pool.connect();
  try {
    const { rows } = await client.query(sql, values);
    return { rows, encrypted: client.connection.stream.encrypted === true, port: Number(process.env.JOBWORKS_DATABASE_PORT) };
  } finally {
    client.release();
  }
};
