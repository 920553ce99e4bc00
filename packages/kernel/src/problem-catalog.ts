/** One kind of refusal: what the client reads, and what the documentation says about it. */
export interface ProblemEntry {
  /** The `type` member of RFC 9457: the address of this entry's page. */
  readonly type: string
  readonly status: number
  /** Short and the same for every occurrence; it names no detail of the request. */
  readonly title: string
  /** What happened, for the documentation. */
  readonly meaning: string
  /** What the client's developer does next, for the documentation. */
  readonly remedy: string
}

/** Every code that a client of the gateway can see; the pages of docs/reference/problems.md are made from it. */
export const problemCatalog = {
  ...entry('BAD_REQUEST', 400, 'Bad request', 'The message is not well-formed HTTP, or its parts contradict each other (RFC 9112).', 'Send well-formed HTTP from a maintained client library.'),
  ...entry('INVALID_PATH', 400, 'Invalid path', 'The path can be read in more than one way: encoded slashes or dots, backslashes, empty segments, NUL or broken percent-encoding.', 'Send the plain path as the contract writes it.'),
  ...entry('MALFORMED_BODY', 400, 'Malformed body', 'The body is not what its Content-Type says, or it holds duplicate keys, forbidden keys, or more depth, keys or digits than allowed.', 'Send one well-formed document of the declared type.'),
  ...entry('VERSION_REQUIRED', 400, 'Version required', 'The request names no version of the API, and there is none for requests that name none.', 'Name a version where the API takes it: in the path, a header field, the media type or the query.'),
  ...entry('VERSION_UNKNOWN', 400, 'Unknown version', 'The request names a version that the API does not have.', 'Name one of the versions that the API offers.'),
  ...entry('VERSION_CONFLICT', 400, 'Conflicting versions', 'The request names two versions of the API, or one in a way that could be read as another.', 'Name one version, once.'),
  ...entry('UNAUTHENTICATED', 401, 'Authentication required', 'No valid credential came with the request. The answer is the same for a missing, unknown, expired or revoked one.', 'Send a valid API key or access token as `WWW-Authenticate` says.'),
  ...entry('FORBIDDEN', 403, 'Forbidden', 'The caller is known, and this operation or object is not theirs: a scope, a role or the ownership is missing.', 'Ask the owner of the API for the scope that the contract names.'),
  ...entry('ADDRESS_DENIED', 403, 'Forbidden', 'Requests from this network address are not accepted.', 'Ask the operator to allow the address.'),
  ...entry('ORIGIN_DENIED', 403, 'Forbidden', 'A browser sent this request for a page whose origin may not use the API (CORS).', 'Ask the operator to allow the origin.'),
  ...entry('REQUEST_BLOCKED', 403, 'Request blocked', 'The request looks like an attack to the web application firewall.', 'If it is harmless, give the request id to the operator.'),
  ...entry('TLS_REQUIRED', 403, 'TLS required', 'The request came unencrypted to an address that is not this machine. There is no redirect: a credential sent in clear must be replaced.', 'Use the https address, and replace any credential that was sent.'),
  ...entry('NOT_FOUND', 404, 'Not found', 'The contract has no such path.', 'Look the path up in the contract.'),
  ...entry('METHOD_NOT_ALLOWED', 405, 'Method not allowed', 'The path exists and does not offer this method; `Allow` lists those it does.', 'Use one of the methods in `Allow`.'),
  ...entry('VERSION_READ_ONLY', 405, 'Version is read-only', 'This version of the API is on its way out and no longer changes anything; `Allow` lists what it still offers, `Sunset` says when it ends.', 'Move to the version that `Link: rel="successor-version"` names.'),
  ...entry('NOT_ACCEPTABLE', 406, 'Not acceptable', 'The operation cannot answer in any of the media types the request accepts.', 'Accept a media type that the contract lists.'),
  ...entry('REQUEST_TIMEOUT', 408, 'Request timeout', 'The request did not arrive whole in the time it has.', 'Send it again, faster.'),
  ...entry('CONFLICT', 409, 'Conflict', 'What is asked for cannot be done in the state that things are in (the admin address alone).', 'Look at the state again; `detail` says what stands in the way.'),
  ...entry('VERSION_RETIRED', 410, 'Version retired', 'This version of the API has ended.', 'Move to the version that `Link: rel="successor-version"` names.'),
  ...entry('VERSION_PAUSED', 410, 'Version paused', 'This version of the API ends soon, and is out of service for a while so that its callers notice; `Retry-After` says when it is back, `Sunset` when it ends.', 'Move to the version that `Link: rel="successor-version"` names.'),
  ...entry('PRECONDITION_FAILED', 412, 'Precondition failed', 'Somebody else has changed it since it was read: `If-Match` names another state (the admin address alone).', 'Read it again, and decide again.'),
  ...entry('PAYLOAD_TOO_LARGE', 413, 'Payload too large', 'The body is larger than this operation accepts.', 'Send less at a time.'),
  ...entry('URI_TOO_LONG', 414, 'URI too long', 'The request target is longer than the gateway accepts.', 'Send long values in the body.'),
  ...entry('UNSUPPORTED_MEDIA_TYPE', 415, 'Unsupported media type', 'The body has a Content-Type or Content-Encoding that this operation does not take.', 'Use a media type that the contract lists for the request body.'),
  ...entry('MISDIRECTED_REQUEST', 421, 'Misdirected request', 'No API is served under this host name.', 'Check the host name.'),
  ...entry('VALIDATION_ERROR', 422, 'Invalid request', 'A parameter or the body does not keep the contract: an unknown or missing name, a wrong type, a value out of bounds.', 'Compare the request with the contract; the operator can show field pointers with `guards.validation.showPointers`.'),
  ...entry('UPGRADE_REFUSED', 426, 'Upgrade refused', 'The operation does not take the protocol that `Upgrade` asks for.', 'Send the request without `Upgrade`.'),
  ...entry('PRECONDITION_REQUIRED', 428, 'Precondition required', 'The change needs `If-Match` with the `ETag` of what it changes, so that it undoes nobody else’s (the admin address alone).', 'Send the `ETag` that came with the state you saw as `If-Match`.'),
  ...entry('RATE_LIMITED', 429, 'Too many requests', 'The rate limit is used up; `RateLimit` and `X-RateLimit-*` say how much there is and when it fills.', 'Wait `Retry-After` seconds, and spread requests.'),
  ...entry('QUOTA_EXCEEDED', 429, 'Quota exceeded', 'The daily or monthly quota is used up.', 'Wait for the next period or ask for a larger tier.'),
  ...entry('CONCURRENCY_EXCEEDED', 429, 'Too many concurrent requests', 'As many requests of this caller as allowed are already under way.', 'Wait for answers before you send more.'),
  ...entry('HEADERS_TOO_LARGE', 431, 'Header fields too large', 'There are more or larger header fields than the gateway accepts.', 'Send fewer or smaller header fields.'),
  ...entry('INTERNAL_ERROR', 500, 'Internal error', 'The gateway failed to decide, so it refused.', 'Give the request id to the operator.'),
  ...entry('UPSTREAM_ERROR', 502, 'Bad gateway', 'The service behind the gateway failed or broke off its answer.', 'Try again later; give the request id to the operator.'),
  ...entry('RESPONSE_BLOCKED', 502, 'Response blocked', 'The answer of the service shows something that the web application firewall does not let out.', 'Give the request id to the operator.'),
  ...entry('RESPONSE_INVALID', 502, 'Bad gateway', 'The service behind the gateway gave an answer that its contract does not allow.', 'Give the request id to the operator.'),
  ...entry('UPSTREAM_FAILED', 500, 'Internal error', 'The service behind the gateway answered with an error whose text is not for clients.', 'Try again later; give the request id to the operator.'),
  ...entry('UPSTREAM_UNAVAILABLE', 503, 'Service unavailable', 'No healthy service is behind the gateway at the moment.', 'Try again after `Retry-After`.'),
  ...entry('AUTHENTICATION_UNAVAILABLE', 503, 'Service unavailable', 'Credentials cannot be checked at the moment, so they are not accepted.', 'Try again after `Retry-After`.'),
  ...entry('OVERLOADED', 503, 'Service unavailable', 'The gateway has as much work as it can bound.', 'Try again after `Retry-After`.'),
  ...entry('UPSTREAM_TIMEOUT', 504, 'Gateway timeout', 'The service behind the gateway did not answer in time.', 'Try again later.'),
} as const

/** A code of the catalog, such as `VALIDATION_ERROR`. */
export type ProblemCode = keyof typeof problemCatalog

function entry<Code extends string>(code: Code, status: number, title: string, meaning: string, remedy: string): { readonly [Key in Code]: ProblemEntry } {
  const type = `https://gateward.dev/problems/${code.toLowerCase().replaceAll('_', '-')}`
  return { [code]: { type, status, title, meaning, remedy } } as { readonly [Key in Code]: ProblemEntry }
}
