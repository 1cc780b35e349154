// @ts-check
/**
 * Step 1: the text of an invoice. A stand-in: it takes the file for text, where a real one would call Textract.
 *
 * @typedef {{ upload_id: string, simulate?: import('./extract.js').Simulation }} Payload
 * @typedef {{ job_id: string, attempt: number, payload: Payload, uploads: { bucket: string, prefix: string } }} Input what each step gets
 * @typedef {{ text: string, pages: number }} Recognised
 */
const { GetObjectCommand, S3Client } = require('@aws-sdk/client-s3');
const { JobFailed } = require('./job-failed.js');

/** What passes between steps has 256 KiB of room, in which a quotation mark takes two bytes. */
const MOST_BYTES = 100_000;

/** @type {S3Client | undefined} */
let s3;

/** @param {Input} input */
exports.handler = (input) => recognise(input, s3 ??= new S3Client());

/**
 * @param {Input} input
 * @param {Pick<S3Client, 'send'>} client
 * @returns {Promise<Recognised>}
 */
async function recognise({ payload: { upload_id }, uploads }, client) {
  const text = textOf(await download(client, { Bucket: uploads.bucket, Key: uploads.prefix + upload_id }));
  return { text, pages: text.split('\f').length };
}
exports.recognise = recognise;

/**
 * @param {Pick<S3Client, 'send'>} client
 * @param {import('@aws-sdk/client-s3').GetObjectCommandInput} location
 */
async function download(client, location) {
  try {
    const { Body, ContentLength = 0 } = await /** @type {S3Client} */ (client).send(new GetObjectCommand(location));
    if (ContentLength > MOST_BYTES) {
      throw new JobFailed(`the file has ${ContentLength} bytes; up to ${MOST_BYTES} are read`);
    }
    return Buffer.from(await /** @type {NonNullable<typeof Body>} */ (Body).transformToByteArray());
  } catch (error) {
    throw /** @type {Error} */ (error).name === 'NoSuchKey' ? new JobFailed('no file was uploaded under this upload_id') : error;
  }
}

/** @param {Buffer} bytes */
function textOf(bytes) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!/[\x00-\x08]/.test(text)) {
      return text;
    }
  } catch {
    // not UTF-8: as below
  }
  throw new JobFailed('the file is no text, which is all that this stand-in for OCR can read');
}
