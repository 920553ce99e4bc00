import { parseDocument } from 'yaml'
import type { LoadedDocument } from '../../1-load/loaded-document.ts'
import type { BodySchema } from '../../contract.ts'
import { tokensOf } from './pointer.ts'
import { createSchemaCompiler } from './schema-compiler.ts'
import type { Direction, SchemaCompiler, SchemaCompilerOptions } from './schema-compiler.ts'

/** The schemas of a YAML text, as a loaded document whose positions are the lines of that text. For tests. */
function loadSchemas(schemas: string, dialect: LoadedDocument['dialect'] = '3.1'): LoadedDocument {
  const parsed = parseDocument(schemas)
  return {
    file: 'test.yaml',
    dialect,
    root: { components: { schemas: parsed.toJS() as unknown } },
    positionOf(pointer) {
      const path = tokensOf(pointer).slice(2)
      while (path.length > 0 && !parsed.hasIn(path)) path.pop()
      const node = parsed.getIn(path, true) as { range?: readonly [number, number, number] } | undefined
      const offset = node?.range?.[0] ?? 0
      return { file: 'test.yaml', line: schemas.slice(0, offset).split('\n').length, column: 1 }
    },
  }
}

/** Compiles one of the schemas of a YAML text. For tests. */
export function compileSchemas(
  schemas: string,
  dialect: LoadedDocument['dialect'] = '3.1',
  options: SchemaCompilerOptions = {},
): {
  compiler: SchemaCompiler
  body: (name: string, direction?: Direction) => Omit<BodySchema, 'readForm' | 'items'>
} {
  const compiler = createSchemaCompiler(loadSchemas(schemas, dialect), options)
  return {
    compiler,
    body: (name, direction = 'request') =>
      compiler.compileBody(`/components/schemas/${name}`, {
        mediaType: 'application/json',
        format: 'json',
        direction,
      }),
  }
}
