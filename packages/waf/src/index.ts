export type { ByteString } from './language/bytes.ts'
export { bytesOf, bytesOfText, textOf } from './language/bytes.ts'
export type { BodyLimits } from './bodies/body-limits.ts'
export { defaultBodyLimits } from './bodies/body-limits.ts'
