import { closest, type Diagnostic } from '@gateward/kernel'
import type { BodySchema, ClassifiedField, ClassifiedParameter, Operation } from '@gateward/openapi'
import { customClass, dataClasses } from '../../data-classes/catalog.ts'
import type { GuardInput } from '../guard.ts'
import { FieldCipher } from './field-cipher.ts'
import type { FieldEncryptionSettings } from './settings.ts'

/** The ciphers of one operation's fields. */
export type FieldCiphers = ReadonlyMap<ClassifiedField, FieldCipher>

/** Compiles the ciphers of all fields of an operation, and reports what cannot be encrypted as it is declared. */
export function compileCiphers(
  input: GuardInput<FieldEncryptionSettings>,
  operation: Operation,
): FieldCiphers {
  const ciphers = new Map<ClassifiedField, FieldCipher>()
  const add = (field: ClassifiedField): void => {
    const own = input.settings.classes[field.class]
    const entry = dataClasses[field.class] ?? customClass
    if (own === undefined && entry === customClass) input.report(unknownClass(field, operation))
    ciphers.set(
      field,
      new FieldCipher({
        api: input.family,
        field,
        protection: own ?? entry.protect,
        entry,
        keys: input.services.dataKeys,
        acceptUnencrypted: input.settings.unencrypted === 'accept',
      }),
    )
  }
  const bodies = bodiesOf(operation)
  for (const field of new Set(bodies.flatMap(({ classified }) => classified?.fields ?? []))) add(field)
  for (const { field } of operation.parameters.classified) add(field)
  for (const body of operation.requestBody?.classified ?? []) checkFormat(body, ciphers, operation, input)
  for (const parameter of operation.parameters.classified) {
    checkParameter(parameter, ciphers, input)
    tellOldRows(parameter, ciphers, operation, input)
  }
  return ciphers
}

function bodiesOf({ requestBody, responses }: Operation): readonly BodySchema[] {
  return [...(requestBody?.classified ?? []), ...responses.flatMap(({ classified }) => classified)]
}

function unknownClass(field: ClassifiedField, { position }: Operation): Diagnostic {
  const meant = closest(field.class, Object.keys(dataClasses))
  return {
    code: 'unknown-data-class',
    severity: 'error',
    message: `x-data-class ${field.class} of ${field.name} is not in the catalogue`,
    fix: meant === undefined ? 'name it in guards.field-encryption.classes' : `did you mean "${meant}"?`,
    position,
  }
}

// What goes on unencrypted must not look as if it were protected.
function checkFormat(
  { classified, format, mediaType }: BodySchema,
  ciphers: FieldCiphers,
  { position }: Operation,
  input: GuardInput<FieldEncryptionSettings>,
): void {
  if (format === 'json' || format === 'ndjson') return
  const isForm = format === 'form' || format === 'multipart'
  if (isForm && classified?.isFlat === true) return
  const field = classified?.fields.find((each) => {
    const protection = ciphers.get(each)?.protection
    return protection !== 'off' || each.index !== undefined
  })
  if (field === undefined) return
  input.report({
    code: 'unencryptable-body',
    severity: 'error',
    message: isForm
      ? `${field.name} (${field.class}) is inside of a field of ${mediaType}, where it cannot be encrypted`
      : `${field.name} (${field.class}) cannot be encrypted in a body of ${mediaType}`,
    fix: `${isForm ? 'classify the whole field, or take it' : 'take it'} as JSON, or set guards.field-encryption.classes: { ${field.class}: off } for the operation`,
    position,
  })
}

function checkParameter(
  { in: place, name, field, isText, segmentFromEnd, position }: ClassifiedParameter,
  ciphers: FieldCiphers,
  input: GuardInput<FieldEncryptionSettings>,
): void {
  const protection = ciphers.get(field)?.protection
  if (protection === 'off' && field.index === undefined) return
  const mistake = (message: string, fix: string): void =>
    input.report({ code: 'unencryptable-parameter', severity: 'error', message, fix, position })
  if (place === 'header' || place === 'cookie')
    mistake(
      `the ${place} parameter ${name} (${field.class}) cannot be encrypted`,
      'take it in the body, the query or the path',
    )
  else if (place === 'path' && segmentFromEnd === 0)
    mistake(`${name} (${field.class}) is only a part of its path segment`, 'give it a segment of its own')
  else if (!isText)
    mistake(`the parameter ${name} (${field.class}) is more than a text`, 'declare it as type: string')
  else if (protection === 'encrypt' && field.index === undefined)
    mistake(
      `${name} is searched by, and ${field.class} is encrypted to another text each time`,
      `name an index: x-data-class: { class: ${field.class}, index: ${name}Index }, or set the class to deterministic`,
    )
}

// Of a list that is found empty nobody knows whether it would be under another key.
function tellOldRows(
  { in: place, name, field, several, position }: ClassifiedParameter,
  ciphers: FieldCiphers,
  { id }: Operation,
  input: GuardInput<FieldEncryptionSettings>,
): void {
  const protection = ciphers.get(field)?.protection
  const isSearched = field.index !== undefined || protection === 'deterministic'
  if (place !== 'query' || several !== undefined || !isSearched || input.settings.mode !== 'enforce') return
  const purpose = field.index === undefined ? 'fields-deterministic' : 'fields-index'
  const older = input.services.dataKeys.usable(purpose).slice(1)
  if (older.length === 0) return
  input.report({
    code: 'search-misses-old-rows',
    severity: 'warning',
    message: `${id} finds by ${name} nothing that was written under ${older.map(({ id: key }) => key).join(', ')}`,
    fix: `run: gateward fields reencrypt, then: gateward keyring retire ${older.at(-1)?.id ?? ''}; or say how the service takes several values: x-data-class: { …, several: repeat }`,
    position,
  })
}
