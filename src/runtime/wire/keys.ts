/** Where a caller of an HTTP API sends its key. */
export const KEY_HEADER = 'x-api-key';

/** What is known of a key by those who list it, and stands before its secret. */
export const KEY_ID_PATTERN = '^jw_[a-z2-7]{8}$';

/** A key as its caller sends it: its id, and 256 bits of secret in base64url. */
export const KEY_PATTERN = '^jw_[a-z2-7]{8}_[\\w-]{43}$';

/** SHA-256 of a whole key, which is all that is stored of it. */
export const KEY_HASH_PATTERN = '^[0-9a-f]{64}$';

/** Name of a customer. */
export const CUSTOMER_PATTERN = '^[\\w.-]{1,64}$';

/** Names of the table of keys. */
export const KEYS_TABLE = { key: 'key_hash', ttl: 'expires_at' } as const;
