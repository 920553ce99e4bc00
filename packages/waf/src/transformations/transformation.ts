import type { ByteString } from '../language/bytes.ts'

/**
 * What `t:name` does to a value before an operator sees it. Total on any bytes, in time linear in the input; answers the very
 * same string where nothing changes, so that the engine may compare by identity and share what it knows of the value.
 */
export type Transformation = (input: ByteString) => ByteString
