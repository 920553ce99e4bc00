import type { LoadedDocument } from '../1-load/loaded-document.ts'
import type { Report } from '../2-check/report.ts'
import { isRecord } from '../pointer/is-record.ts'
import { childPointer } from '../pointer/json-pointer.ts'

/**
 * The path of the first server, its variables replaced by their defaults, without a trailing slash. Servers with
 * another path, and those of single paths, are reported: one contract has one base path.
 */
export function compileBasePath(document: LoadedDocument, report: Report): string {
  const [first = '', ...others] = basePaths(document.root['servers'])
  for (const [position, other] of others.entries()) {
    if (other !== first) reportOther(childPointer('/servers', position + 1), other, first, report)
  }
  return first
}

/** Reports the servers of a path or operation whose base path is another than the document's. */
export function checkOwnServers(servers: unknown, pointer: string, basePath: string, report: Report): void {
  for (const [position, other] of basePaths(servers).entries()) {
    const place = childPointer(childPointer(pointer, 'servers'), position)
    if (other !== basePath) reportOther(place, other, basePath, report)
  }
}

function reportOther(pointer: string, other: string, used: string, report: Report): void {
  report.warning(pointer, {
    code: 'ignored-server',
    message: `the base path "${other}" of this server is not served: the first server's "${used}" is`,
    fix: 'put the paths that differ into "paths", or into a contract of their own',
  })
}

function basePaths(servers: unknown): readonly string[] {
  return Array.isArray(servers) ? servers.map(basePathOf) : []
}

function basePathOf(server: unknown): string {
  if (!isRecord(server) || typeof server['url'] !== 'string') return ''
  const { url, variables } = server
  const filled = url.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const variable = isRecord(variables) && Object.hasOwn(variables, name) ? variables[name] : undefined
    // One without a definition stands in the host, or the document is refused.
    return isRecord(variable) ? String(variable['default']) : 'undefined'
  })
  const base = 'http://document.invalid/'
  const { pathname } = URL.canParse(filled, base) ? new URL(filled, base) : { pathname: '' }
  return pathname.replace(/\/+$/, '')
}
