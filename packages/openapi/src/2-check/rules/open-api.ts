import { judgeDialect } from '../../grammar/schema-dialect.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import type { Rule } from '../rule.ts'

/** Reports a dialect for all schemas of the document that is not read as it is. */
export const checkOpenApi: Rule = ({ value, pointer, type }, { report }) => {
  const dialect = value['jsonSchemaDialect']
  if (typeof dialect !== 'string' || !type.fields.has('jsonSchemaDialect')) return
  const mistake = judgeDialect('jsonSchemaDialect', dialect)
  if (mistake !== undefined) report[mistake.severity](childPointer(pointer, 'jsonSchemaDialect'), mistake)
}
