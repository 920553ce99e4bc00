import type { Diagnostic } from '@gateward/kernel'
import type { ApiSettings, Offer } from './offer.ts'
import { toCanonicalText } from './path-template.ts'

/** Where an API and its versions are served; canonical, without a slash at the end. */
export interface BasePaths {
  /** Before the names of versions, where paths name them. */
  readonly root: string
  of(version: string | undefined): string
}

/**
 * Finds where an API is served: where it was written, else where the contract's first server is. The servers of versions
 * that paths name may hold the name at their end or leave it out.
 */
export function findBasePaths(
  name: string,
  settings: ApiSettings,
  offers: readonly Offer[],
  report: (diagnostic: Diagnostic) => void,
): BasePaths {
  const roots = new Set(offers.map((offer) => rootOf(name, settings, offer, report)))
  const [root = ''] = roots
  if (roots.size > 1)
    report({
      code: 'base-path',
      severity: 'error',
      message: `the contracts of apis.${name} are served under ${[...roots].map((path) => path || '/').join(' and ')}, and versions share one path`,
      fix: namesInPath(settings)
        ? 'write basePath, without the version'
        : 'write basePath, or let the path name versions: versions.in: [path]',
    })
  return {
    root,
    of: (version) => (version !== undefined && namesInPath(settings) ? `${root}/${version}` : root),
  }
}

/** Whether the path may name the version. */
export function namesInPath({ versions }: ApiSettings): boolean {
  return versions?.in.some(({ kind }) => kind === 'path') === true
}

function rootOf(
  name: string,
  settings: ApiSettings,
  { contract }: Offer,
  report: (diagnostic: Diagnostic) => void,
): string {
  const written = settings.basePath ?? withoutVersion(settings, contract?.basePath ?? '')
  if (/^(?:\/[^/{}?#\s]+)*$/.test(written)) return toCanonicalText(written)
  report({
    code: 'base-path',
    severity: 'error',
    message: `the contract's first server has the path ${written}, which no request can begin with`,
    fix: `write apis.${name}.basePath, such as /v1`,
  })
  return ''
}

function withoutVersion(settings: ApiSettings, path: string): string {
  if (!namesInPath(settings)) return path
  const last = path.slice(path.lastIndexOf('/') + 1)
  const isVersion = Object.hasOwn(settings.versions?.offered ?? {}, last)
  return isVersion ? path.slice(0, -last.length - 1) : path
}
