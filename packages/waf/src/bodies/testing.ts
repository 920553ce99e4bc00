import type { ByteString } from '../language/bytes.ts'
import { bytesOfText, textOf } from '../language/bytes.ts'
import type { BodyLimits } from './body-limits.ts'
import { defaultBodyLimits } from './body-limits.ts'
import type { BodyReader, BodyReading } from './body-reading.ts'
import type { BodyCollection, BodySink, BodyVariable } from './body-sink.ts'

/** A sink that keeps what it is given, as text, in order. */
export class KeepingSink implements BodySink {
  readonly added: [BodyCollection, string, string][] = []
  readonly variables: Partial<Record<BodyVariable, string | number>> = {}

  add(collection: BodyCollection, name: ByteString, value: ByteString): void {
    this.added.push([collection, textOf(name), textOf(value)])
  }

  set(variable: BodyVariable, value: ByteString | number): void {
    this.variables[variable] = value
  }

  /** What one collection holds, as `name=value`. */
  of(collection: BodyCollection): string[] {
    return this.added.filter(([of]) => of === collection).map(([, name, value]) => `${name}=${value}`)
  }

  /** The variables that are not 0. */
  raised(): string[] {
    return Object.entries(this.variables)
      .filter(([, value]) => value !== 0)
      .map(([name, value]) => (value === 1 ? name : `${name}=${value}`))
  }
}

/** One body read by one reader. */
export function readWith(
  reader: BodyReader,
  body: string | Uint8Array,
  contentType = '',
  limits: Partial<BodyLimits> = {},
): { readonly reading: BodyReading; readonly sink: KeepingSink } {
  const sink = new KeepingSink()
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body)
  const reading = reader(bytes, { ...defaultBodyLimits, ...limits }, sink, bytesOfText(contentType))
  return { reading, sink }
}

/** The error of a failed reading, or `undefined`. */
export function errorOf(reading: BodyReading): string | undefined {
  return reading.kind === 'failed' ? reading.error : undefined
}
