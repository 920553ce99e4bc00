const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })

/** What a country is called in English, by its ISO 3166-1 alpha-2 code; the code where it is not known. */
export function formatCountry(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code
}
