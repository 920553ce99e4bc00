import type { ByteString } from '../../language/bytes.ts'
import { trimBlanks } from '../blanks.ts'
import type { BodyLimits } from '../body-limits.ts'
import { roomForPaths } from '../room-for-paths.ts'
import { walkJson } from './walk-json.ts'

/** The path of a value inside an argument, and the value. */
export type InnerValue = readonly [path: ByteString, value: ByteString]

/**
 * The values of an argument or a cookie that is a JSON object or array: `filter={"name":"x"}` has `filter.name`.
 * `undefined` unless the whole of it is JSON, within the limits, with any value in it: a caller may then show rules the
 * values in place of their wrapping, and nothing of it goes unseen.
 */
export function readJsonInside(
  name: ByteString,
  value: ByteString,
  limits: BodyLimits,
): readonly InnerValue[] | undefined {
  if (!mayHoldJson(value)) return undefined
  const found: InnerValue[] = []
  let room = roomForPaths(value)
  const error = walkJson(value, name, limits, (path, leaf) => {
    room -= path.length
    if (found.length >= limits.arguments || room < 0) return 'too much'
    found.push([path, leaf])
    return undefined
  })
  return error === undefined && found.length > 0 ? found : undefined
}

/** Whether a text begins and ends as a JSON object or array does. */
export function mayHoldJson(text: ByteString): boolean {
  const trimmed = trimBlanks(text)
  const first = trimmed.charCodeAt(0)
  const last = trimmed.charCodeAt(trimmed.length - 1)
  return (first === 0x7b && last === 0x7d) || (first === 0x5b && last === 0x5d)
}
