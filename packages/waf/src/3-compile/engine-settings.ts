import type { AuditMode, EngineMode } from './effect.ts'

/** What `Sec…` directives say about the engine itself. */
export interface EngineSettings {
  readonly mode: EngineMode
  readonly auditMode: AuditMode
  /** The letters of the parts of an audit record. */
  readonly auditParts: string
  readonly requestBodyAccess: boolean
  readonly responseBodyAccess: boolean
  /** Bytes of a request body with the files in it. */
  readonly requestBodyLimit: number
  /** Bytes of a request body that is not multipart. */
  readonly requestBodyNoFilesLimit: number
  readonly requestBodyLimitAction: 'reject' | 'process-partial'
  readonly jsonDepthLimit: number
  readonly argumentsLimit: number
  /**
   * `SecJsonInArgumentsLimit`, of this engine alone: bytes up to which the value of an argument or a cookie that is a JSON object
   * or array is read as one, its values then being arguments in its place; 0 where it stays as it is, as other engines leave it.
   */
  readonly jsonInArgumentsLimit: number
  /**
   * `SecFileContentLimit`, of this engine alone: bytes of each uploaded file that `FILES_TMP_CONTENT` shows, where a rule reads it. 0: as
   * many as a body may have.
   */
  readonly fileContentLimit: number
  /** `SecOddPairsAsArguments`, of this engine alone: as in `BodyLimits`. */
  readonly oddPairsAsArguments: boolean
  readonly responseBodyLimit: number
  readonly responseBodyLimitAction: 'reject' | 'process-partial'
  /** Media types in lower case, without parameters. */
  readonly responseBodyTypes: readonly string[]
  /** Seconds after which a persistent record that nobody changed is gone. */
  readonly collectionTimeout: number
  /** What `WEBAPPID` shows: which of an operator's applications these rules are for. */
  readonly webAppId: string
}

/** What holds where no directive says otherwise. */
export const defaultSettings: EngineSettings = {
  mode: 'on',
  auditMode: 'off',
  auditParts: 'ABIJDEFHZ',
  requestBodyAccess: true,
  responseBodyAccess: true,
  requestBodyLimit: 13_107_200,
  requestBodyNoFilesLimit: 1_048_576,
  requestBodyLimitAction: 'reject',
  jsonDepthLimit: 128,
  argumentsLimit: 1_000,
  jsonInArgumentsLimit: 0,
  fileContentLimit: 0,
  oddPairsAsArguments: false,
  responseBodyLimit: 524_288,
  responseBodyLimitAction: 'process-partial',
  responseBodyTypes: ['text/plain', 'text/html', 'text/xml', 'application/json'],
  collectionTimeout: 3_600,
  webAppId: 'default',
}
