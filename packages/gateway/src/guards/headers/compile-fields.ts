import type { HeadersSettings } from './settings.ts'

/** The fields of one kind of answer, flat: name, value, name, value. */
export type FlatFields = readonly string[]

/** The fields that are the same for all answers of a kind, written at load. */
export interface ProtectingFields {
  /** By whether the answer goes over TLS and whether it is a page. */
  readonly forAnswer: (secure: boolean, page: boolean) => FlatFields
  /** All names that any of them has. */
  readonly names: ReadonlySet<string>
}

/** Compiles the settings to the fields that answers get. */
export function compileFields(settings: HeadersSettings): ProtectingFields {
  const variants = [false, true].map((secure) =>
    [false, true].map((page) => fieldsOf(settings, secure, page)),
  )
  const all = variants.flat(2)
  return {
    forAnswer: (secure, page) => variants[secure ? 1 : 0]?.[page ? 1 : 0] ?? [],
    names: new Set(all.filter((_, index) => index % 2 === 0)),
  }
}

function fieldsOf(settings: HeadersSettings, secure: boolean, page: boolean): FlatFields {
  const fields: readonly (readonly [name: string, value: string])[] = [
    ['strict-transport-security', secure ? transportSecurity(settings) : 'off'],
    ['content-security-policy', page ? settings.pageContentSecurity : settings.contentSecurity],
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', settings.frameOptions],
    ['referrer-policy', settings.referrerPolicy],
    ['permissions-policy', settings.permissionsPolicy],
    ['cross-origin-resource-policy', settings.resourcePolicy],
    ['cross-origin-opener-policy', settings.openerPolicy],
  ]
  return fields.filter(([, value]) => value !== 'off').flat()
}

function transportSecurity({ transportSecurity: settings }: HeadersSettings): string {
  if (settings === 'off') return 'off'
  const { maxAge, includeSubDomains, preload } = settings
  const directives = [`max-age=${Math.floor(maxAge / 1_000)}`]
  if (includeSubDomains) directives.push('includeSubDomains')
  if (preload) directives.push('preload')
  return directives.join('; ')
}
