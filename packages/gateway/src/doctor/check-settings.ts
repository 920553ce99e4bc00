import { checkConfiguration } from '../check-configuration.ts'
import type { ConfigurationRequest } from '../config/load.ts'
import type { Finding } from './finding.ts'

/** More are not told here: whoever has so many reads them in `gateward check`. */
const mostErrors = 10

/** What a start would say of configuration and contracts. */
export async function checkSettings(request: ConfigurationRequest): Promise<readonly Finding[]> {
  const { diagnostics, operations } = await checkConfiguration(request)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const warnings = diagnostics.length - errors.length
  return [
    errors.length > 0
      ? finding(
          'amiss',
          `${errors.length} mistakes: nothing would be loaded`,
          'gateward check tells all of them',
        )
      : finding('well', `${operations} operations would be served`),
    ...errors.slice(0, mostErrors).map(({ message, fix, position }) => {
      const place = position === undefined ? '' : `${position.file}:${position.line}:${position.column}  `
      return finding('amiss', `${place}${message}`, fix)
    }),
    ...(warnings === 0
      ? []
      : [finding('warning', `${warnings} warnings`, 'gateward check tells all of them')]),
  ]
}

function finding(state: Finding['state'], message: string, fix?: string): Finding {
  return { subject: 'configuration', state, message, fix }
}
