/** What one body, query or cookie field may hold. Past a limit the reading fails; nothing is silently left unread. */
export interface BodyLimits {
  /** Arguments: pairs of a form, values of a JSON document, parts, texts and attributes of an XML document. */
  readonly arguments: number
  /** How many of them another part of the request has used up: of the query, where a body is read. 0 where left out. */
  readonly argumentsBefore?: number
  /** Objects and arrays, elements, or selections inside one another. */
  readonly depth: number
  /** Bytes of one argument's name in JSON and GraphQL, which is the whole path to its value. */
  readonly nameBytes: number
  /** Files of one multipart body. */
  readonly files: number
  /** Bytes of one header line of a part. */
  readonly partHeaderBytes: number
  /** Bytes of each file that `FILES_TMP_CONTENT` shows; 0 where no rule reads it. */
  readonly fileContentBytes: number
  /**
   * Bytes up to which an argument or a cookie whose value is a JSON object or array is read as one: its values then take
   * its place, `filter={"name":"x"}` being `filter.name`. 0 where it stays as it is.
   */
  readonly jsonInArgumentBytes: number
  /**
   * Whether pairs of a query or a form whose name has signs that no name has are also one argument without a name, all of them
   * as they were sent: a text that was put there in place of pairs is then judged as a whole.
   */
  readonly oddPairsAsArguments: boolean
  /** Bytes of a body once its `Content-Encoding` is undone. */
  readonly decodedBytes: number
  /** How many times longer than what was sent a decoded body may be. */
  readonly decodedRatio: number
}

/** Wide enough for what applications send, narrow enough for one exchange's share of a processor. */
export const defaultBodyLimits: BodyLimits = {
  arguments: 1_000,
  depth: 128,
  nameBytes: 2_048,
  files: 100,
  partHeaderBytes: 4_096,
  fileContentBytes: 0,
  jsonInArgumentBytes: 0,
  oddPairsAsArguments: false,
  decodedBytes: 10_485_760,
  decodedRatio: 100,
}
