import type { BodySchema } from '@gateward/openapi'
import { readMultipartParts, readUrlencodedParts } from '../../exchange/form-parts.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'

/** The texts of a form's fields that the contract declares and does not classify, by the pointer of their schema. */
export function readFormValues(
  schema: BodySchema,
  body: WholeBody,
): readonly (readonly [place: string, name: string, text: string])[] {
  const reading =
    schema.format === 'form'
      ? readUrlencodedParts(body.toBytes())
      : readMultipartParts(body.toBytes(), body.contentType ?? '')
  if (reading.kind === 'refused') return []
  return reading.form.entries.flatMap(({ name, text }) => {
    const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    // A field of a list is an item of it.
    const place = [`${pointer}/0`, pointer]
      .filter((each) => schema.classified?.isClassified(each) !== true)
      .map((each) => schema.placeOf(each))
      .find((each) => each !== undefined)
    const isOpen = schema.classified?.isClassified(pointer) !== true
    return place === undefined || text === undefined || !isOpen ? [] : [[place, name, text] as const]
  })
}
