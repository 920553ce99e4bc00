import type { BodySchema, ClassifiedParts, TransformPart } from '@gateward/openapi'
import {
  readMultipartParts,
  readUrlencodedParts,
  type FormEdit,
  type FormEntry,
  type FormParts,
} from '../exchange/form-parts.ts'
import type { WholeBody } from '../exchange/whole-body.ts'
import type { ClassifiedOutcome } from './classified-outcome.ts'

/**
 * Transforms the classified fields of a form: a field that is classified, or each field of a list of classified items. What
 * the contract reads out of other fields' names or texts (brackets, exploded objects, one text for a list) is refused, since
 * it would go on as it is.
 *
 * @param change whether the body becomes what the fields became; else they are only looked at
 */
export function transformForm(
  body: WholeBody,
  schema: BodySchema,
  change: boolean,
  transform: TransformPart,
): ClassifiedOutcome {
  const { classified, readForm, format } = schema
  if (classified === undefined || readForm === undefined) return { kind: 'done' }
  const bytes = body.toBytes()
  const reading =
    format === 'form' ? readUrlencodedParts(bytes) : readMultipartParts(bytes, body.contentType ?? '')
  if (reading.kind === 'refused') return reading
  const edits = planEdits(reading.form, classified, readForm, transform)
  if (typeof edits === 'string') return { kind: 'refused', reason: edits }
  if (change && edits.size > 0) body.replaceBytes(reading.form.write(edits))
  return { kind: 'done' }
}

/** The edits, or what is wrong. */
function planEdits(
  { entries }: FormParts,
  classified: ClassifiedParts,
  readForm: NonNullable<BodySchema['readForm']>,
  transform: TransformPart,
): ReadonlyMap<number, FormEdit> | string {
  const { value, violations } = readForm(entries.map(({ name, text }) => [name, text ?? '']))
  if (violations.length > 0) return 'a form whose fields are not what the contract says'
  const typed = value as Readonly<Record<string, unknown>>
  const edits = new Map<number, FormEdit>()
  const places = placesByName(entries)
  for (const name of new Set([...Object.keys(typed), ...places.keys()])) {
    if (!isClassified(classified, name)) continue
    const mistake = editField(name, typed[name], places, entries, edits, classified, transform)
    if (mistake !== undefined) return mistake
  }
  return edits
}

function editField(
  name: string,
  typed: unknown,
  places: ReadonlyMap<string, readonly number[]>,
  entries: readonly FormEntry[],
  edits: Map<number, FormEdit>,
  classified: ClassifiedParts,
  transform: TransformPart,
): string | undefined {
  const own = places.get(name)
  const bracketed = [...places.keys()].some((other) => other.startsWith(`${name}[`))
  if (own === undefined || bracketed) return 'a classified field that is spread over several names'
  if (own.some((at) => entries[at]?.text === undefined)) return 'a classified field that is no plain text'
  const owner: Record<string, unknown> = { [name]: structuredClone(typed) }
  classified.transform(owner, transform)
  const { [name]: left, ...beside } = owner
  const isList = Array.isArray(left)
  const texts = isList ? left.map(toText) : [toText(left)]
  if (isList && texts.length !== own.length)
    return 'a classified list that is not one field for each of its items'
  const before = isList ? (typed as readonly unknown[]).map(toText) : [toText(typed)]
  for (const [nth, at] of own.entries()) {
    const text = texts[nth]
    // What stays as it is stays as it was written.
    if (text === undefined) edits.set(at, { isRemoved: true })
    else if (text !== before[nth]) edits.set(at, { text })
  }
  addBeside(beside, own.at(-1) ?? 0, places, edits)
  return undefined
}

/** An index is the gate's to write: one that the client sent goes. */
function addBeside(
  beside: Readonly<Record<string, unknown>>,
  behind: number,
  places: ReadonlyMap<string, readonly number[]>,
  edits: Map<number, FormEdit>,
): void {
  const added = Object.entries(beside).map(([name, value]) => [name, toText(value)] as const)
  if (added.length === 0) return
  for (const [name] of added) for (const at of places.get(name) ?? []) edits.set(at, { isRemoved: true })
  edits.set(behind, { ...edits.get(behind), added })
}

function placesByName(entries: readonly FormEntry[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>()
  for (const [at, { name }] of entries.entries()) {
    const known = places.get(name)
    if (known === undefined) places.set(name, [at])
    else known.push(at)
  }
  return places
}

function isClassified(classified: ClassifiedParts, name: string): boolean {
  const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
  return classified.isClassified(pointer) || classified.isClassified(`${pointer}/0`)
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
