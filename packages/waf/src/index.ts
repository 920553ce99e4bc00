export type { ByteString } from './language/bytes.ts'
export { bytesOf, bytesOfText, textOf } from './language/bytes.ts'
