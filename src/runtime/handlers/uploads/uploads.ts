import type { APIGatewayProxyEvent } from 'aws-lambda';
import { uploadKey } from '../../store/files/keys';
import { newUploadId } from '../../store/files/upload-id';
import { ERROR_CODE } from '../../wire/http';
import { MEDIA_TYPE_PATTERN } from '../../wire/job';
import { Answer, ApiError, unavailable } from '../http/answer';
import { badRequest, bodyText, faultsOf, FieldRules, parseBody } from '../http/json-body';
import { OwnerOf } from '../http/owner';
import type { Request } from '../http/route';

/** What an upload may be. */
export interface UploadPolicy {
  readonly key: string;
  readonly contentType?: string;
  readonly maxBytes: number;
  readonly seconds: number;
}

/** A form that uploads one file when it is sent as multipart/form-data, with the file as its last field. */
export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What uploads are allowed with. */
export interface UploadParts {
  readonly filesPrefix: string;
  readonly ownerOf: OwnerOf;
  readonly sign: (policy: UploadPolicy) => Promise<UploadForm>;
  readonly maxBytes: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How long a form can be used. */
const SECONDS = 3_600;

/** Far more than the answer to a question of two fields needs. */
const MOST_BYTES = 4_096;

const MEDIA_TYPE = new RegExp(MEDIA_TYPE_PATTERN);

const FIELDS: FieldRules = {
  content_type: { fits: (value) => typeof value === 'string' && MEDIA_TYPE.test(value), is: 'a media type, such as "application/pdf"' },
  size_bytes: { fits: (value) => Number.isSafeInteger(value) && (value as number) >= 1, is: 'a whole number from 1' },
};

interface Asked {
  readonly content_type?: string;
  readonly size_bytes?: number;
}

/**
 * Allows one upload: 201 with a form that whoever has it can send to the bucket. Key, largest size and, where it was told, type are signed:
 * the caller chooses none of them afterwards, and nothing else about the object.
 */
export async function uploads({ event, log }: Request, { filesPrefix, ownerOf, sign, maxBytes, now }: UploadParts): Promise<Answer> {
  const owner = ownerOf(event);
  const { content_type, size_bytes = 1 } = askedOf(event);
  if (size_bytes > maxBytes) {
    throw new ApiError(413, ERROR_CODE.payloadTooLarge, `an upload has at most ${maxBytes} bytes, not ${size_bytes}`);
  }
  const upload_id = newUploadId(now());
  const expires_at = new Date(now() + SECONDS * 1000).toISOString();
  const uploadLog = log.with({ upload_id, owner });
  try {
    const { url, fields } = await sign({ key: uploadKey(filesPrefix, owner, upload_id), contentType: content_type, maxBytes, seconds: SECONDS });
    uploadLog.info('upload allowed');
    return { status: 201, body: { upload_id, url, fields, expires_at, max_bytes: maxBytes } };
  } catch (error) {
    uploadLog.error('the upload could not be signed', error as Error);
    throw unavailable('the upload could not be prepared');
  }
}

function askedOf(event: APIGatewayProxyEvent): Asked {
  const text = bodyText(event);
  if (text.trim() === '') {
    return {};
  }
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw new ApiError(413, ERROR_CODE.payloadTooLarge, `the body has at most ${MOST_BYTES} bytes: the file itself goes to the address in the answer`);
  }
  const asked = parseBody(text, 'what is to be uploaded');
  const faults = faultsOf(asked, FIELDS);
  if (faults.length > 0) {
    throw badRequest(`the body is no question for an upload: ${faults.join('; ')}`);
  }
  return asked as Asked;
}
