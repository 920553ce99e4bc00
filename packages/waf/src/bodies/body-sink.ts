import type { ByteString } from '../language/bytes.ts'
import type { MultipartFlag } from './multipart/multipart-flags.ts'

/** A collection of the rule language that a reader fills. `ARGS` and every `…_NAMES` of arguments follow from these. */
export type BodyCollection =
  | 'ARGS_GET'
  | 'ARGS_POST'
  | 'REQUEST_COOKIES'
  | 'FILES'
  | 'FILES_NAMES'
  | 'FILES_SIZES'
  | 'FILES_TMP_CONTENT'
  | 'MULTIPART_FILENAME'
  | 'MULTIPART_NAME'
  | 'MULTIPART_PART_HEADERS'
  | 'XML'

/** A variable of the rule language that a reader sets. */
export type BodyVariable =
  | MultipartFlag
  | 'FILES_COMBINED_SIZE'
  | 'URLENCODED_ERROR'
  | 'GRAPHQL_OPERATIONS'
  | 'GRAPHQL_DEPTH'
  | 'GRAPHQL_FIELDS'
  | 'GRAPHQL_ALIASES'
  | 'GRAPHQL_DIRECTIVES'
  | 'GRAPHQL_INTROSPECTION'

/** Where readers put what they find. Names repeat: every value of a repeated name is added, none replaced. */
export interface BodySink {
  add(collection: BodyCollection, name: ByteString, value: ByteString): void
  set(variable: BodyVariable, value: ByteString | number): void
}
