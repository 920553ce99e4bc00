/** What the engine knows of a variable of the rule language before any request. */
export interface VariableDefinition {
  readonly name: string
  /** `&ARGS`, how a match names its count. */
  readonly countedName: string
  /** Where a transaction keeps it. */
  readonly slot: number
  readonly isCollection: boolean
  /** It cannot change while a phase runs, so what rules will say of it may be asked before they run. */
  readonly isStable: boolean
}

const scalars = [
  'ARGS_COMBINED_SIZE',
  'AUTH_TYPE',
  'FILES_COMBINED_SIZE',
  'FULL_REQUEST',
  'FULL_REQUEST_LENGTH',
  'GRAPHQL_ALIASES',
  'GRAPHQL_DEPTH',
  'GRAPHQL_DIRECTIVES',
  'GRAPHQL_FIELDS',
  'GRAPHQL_INTROSPECTION',
  'GRAPHQL_OPERATIONS',
  'INBOUND_DATA_ERROR',
  'MODSEC_BUILD',
  'MSC_PCRE_ERROR',
  'MSC_PCRE_LIMITS_EXCEEDED',
  'MULTIPART_BOUNDARY_QUOTED',
  'MULTIPART_BOUNDARY_WHITESPACE',
  'MULTIPART_CRLF_LF_LINES',
  'MULTIPART_DATA_AFTER',
  'MULTIPART_DATA_BEFORE',
  'MULTIPART_FILE_LIMIT_EXCEEDED',
  'MULTIPART_HEADER_FOLDING',
  'MULTIPART_INVALID_HEADER_FOLDING',
  'MULTIPART_INVALID_PART',
  'MULTIPART_INVALID_QUOTING',
  'MULTIPART_LF_LINE',
  'MULTIPART_MISSING_SEMICOLON',
  'MULTIPART_SEMICOLON_MISSING',
  'MULTIPART_STRICT_ERROR',
  'MULTIPART_UNMATCHED_BOUNDARY',
  'OUTBOUND_DATA_ERROR',
  'PATH_INFO',
  'QUERY_STRING',
  'REMOTE_ADDR',
  'REMOTE_HOST',
  'REMOTE_PORT',
  'REMOTE_USER',
  'REQBODY_ERROR',
  'REQBODY_ERROR_MSG',
  'REQBODY_PROCESSOR_ERROR',
  'REQBODY_PROCESSOR_ERROR_MSG',
  'REQUEST_BASENAME',
  'REQUEST_BODY',
  'REQUEST_BODY_LENGTH',
  'REQUEST_FILENAME',
  'REQUEST_LINE',
  'REQUEST_METHOD',
  'REQUEST_PROTOCOL',
  'REQUEST_URI',
  'REQUEST_URI_RAW',
  'RESPONSE_BODY',
  'RESPONSE_CONTENT_LENGTH',
  'RESPONSE_CONTENT_TYPE',
  'RESPONSE_PROTOCOL',
  'RESPONSE_STATUS',
  'SERVER_ADDR',
  'SERVER_NAME',
  'SERVER_PORT',
  'STATUS_LINE',
  'UNIQUE_ID',
  'URLENCODED_ERROR',
  'USERAGENT_IP',
  'WEBAPPID',
] as const

/** Scalars that rules themselves or the clock change. */
const movingScalars = [
  'DURATION',
  'HIGHEST_SEVERITY',
  'MATCHED_VAR',
  'MATCHED_VAR_NAME',
  'REQBODY_PROCESSOR',
  'SESSIONID',
  'TIME',
  'TIME_DAY',
  'TIME_EPOCH',
  'TIME_HOUR',
  'TIME_MIN',
  'TIME_MON',
  'TIME_SEC',
  'TIME_WDAY',
  'TIME_YEAR',
  'USERID',
] as const

const collections = [
  'ARGS',
  'ARGS_GET',
  'ARGS_GET_NAMES',
  'ARGS_NAMES',
  'ARGS_POST',
  'ARGS_POST_NAMES',
  'FILES',
  'FILES_NAMES',
  'FILES_SIZES',
  'FILES_TMP_CONTENT',
  'MULTIPART_FILENAME',
  'MULTIPART_NAME',
  'MULTIPART_PART_HEADERS',
  'REQUEST_COOKIES',
  'REQUEST_COOKIES_NAMES',
  'REQUEST_HEADERS',
  'REQUEST_HEADERS_NAMES',
  'RESPONSE_HEADERS',
  'RESPONSE_HEADERS_NAMES',
  'XML',
] as const

const movingCollections = [
  'ENV',
  'GLOBAL',
  'IP',
  'MATCHED_VARS',
  'MATCHED_VARS_NAMES',
  'RESOURCE',
  'RULE',
  'SESSION',
  'TX',
  'USER',
] as const

/** The name of a variable with one value. */
export type ScalarName = (typeof scalars)[number] | (typeof movingScalars)[number]

/** The name of a variable with keys and values. */
export type CollectionName = (typeof collections)[number] | (typeof movingCollections)[number]

/** The collections that outlive a transaction once `initcol` has named one of their records. */
export const persistentCollections = ['GLOBAL', 'IP', 'RESOURCE', 'SESSION', 'USER'] as const

/** A collection that outlives a transaction. */
export type PersistentCollection = (typeof persistentCollections)[number]

/** Every variable of the language by its upper-case name. */
export const variables: ReadonlyMap<string, VariableDefinition> = new Map(
  [
    ...scalars.map((name) => ({ name, isCollection: false, isStable: true })),
    ...movingScalars.map((name) => ({ name, isCollection: false, isStable: false })),
    ...collections.map((name) => ({ name, isCollection: true, isStable: true })),
    ...movingCollections.map((name) => ({ name, isCollection: true, isStable: false })),
  ].map((definition, slot) => [definition.name, { ...definition, countedName: `&${definition.name}`, slot }]),
)

/** The slot of a variable that the engine itself fills. */
export function slotOf(name: ScalarName | CollectionName): number {
  const definition = variables.get(name)
  if (definition === undefined) throw new RangeError(`no variable ${name}`)
  return definition.slot
}

/** Whether a variable is one of the collections that outlive a transaction. */
export function isPersistent(name: string): name is PersistentCollection {
  return (persistentCollections as readonly string[]).includes(name)
}
