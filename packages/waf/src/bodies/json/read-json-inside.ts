import type { ByteString } from '../../language/bytes.ts'
import { roomForPaths } from '../argument-writer.ts'
import { trimBlanks } from '../blanks.ts'
import type { BodyLimits } from '../body-limits.ts'
import type { BodyCollection, BodySink } from '../body-sink.ts'
import { walkJson } from './walk-json.ts'

/**
 * Reads an argument or a cookie whose value is a JSON object or array: `filter={"name":"x"}` is the argument
 * `filter.name` too. Adds nothing unless the whole value is JSON within the limits, so the caller may inspect the values
 * instead of their wrapping, with none of its false alarms.
 *
 * @returns whether it was, and was added
 */
export function readJsonInside(
  collection: BodyCollection,
  name: ByteString,
  value: ByteString,
  limits: BodyLimits,
  sink: BodySink,
): boolean {
  if (!mayHoldJson(value)) return false
  const found: [name: ByteString, value: ByteString][] = []
  let room = roomForPaths(value)
  const error = walkJson(value, name, limits, (path, leaf) => {
    room -= path.length
    if (found.length >= limits.arguments || room < 0) return 'too much'
    found.push([path, leaf])
    return undefined
  })
  if (error !== undefined) return false
  for (const [path, leaf] of found) sink.add(collection, path, leaf)
  return true
}

/** Whether a value begins and ends as a JSON object or array does: cheap enough to ask of every argument. */
export function mayHoldJson(value: ByteString): boolean {
  const text = trimBlanks(value)
  const first = text.charCodeAt(0)
  const last = text.charCodeAt(text.length - 1)
  return (first === 0x7b && last === 0x7d) || (first === 0x5b && last === 0x5d)
}
