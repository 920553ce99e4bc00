/** A path template taken apart: `/files/{name}` has the variable `name` and the shape `/files/{}`. */
interface PathTemplate {
  readonly variables: readonly string[]
  /** The template with its variables' names taken out: two paths of one shape match the same requests. */
  readonly shape: string
  /** What is wrong with the template, or `undefined`. */
  readonly mistake: string | undefined
  /** What makes the template of little use, though it has a meaning, or `undefined`. */
  readonly doubt: string | undefined
}

/** Reads a path template (OpenAPI 3.2 section 4.8.2, "path templating"). */
export function readPathTemplate(template: string): PathTemplate {
  const variables: string[] = []
  const shape = template.replace(/\{([^{}/]*)\}/g, (_, name: string) => {
    variables.push(name)
    return '{}'
  })
  return {
    variables,
    shape,
    mistake: mistakeIn(template, shape, variables),
    doubt: doubtIn(shape, variables),
  }
}

function mistakeIn(template: string, shape: string, variables: readonly string[]): string | undefined {
  if (!template.startsWith('/')) return 'does not begin with "/"'
  if (shape.replaceAll('{}', '').match(/[{}]/)) return 'has a brace without its partner'
  if (variables.includes('')) return 'has a variable without a name'
  return undefined
}

function doubtIn(shape: string, variables: readonly string[]): string | undefined {
  if (/[?#]/.test(shape)) return 'holds "?" or "#", which never are part of a path: no request will match'
  if (new Set(variables).size < variables.length) return 'names a variable twice: both must have one value'
  return undefined
}
