import type { Diagnostic, SourcePosition } from '@gateward/kernel'

/** An error in a setting, as a diagnostic. */
export function settingMistake(
  code: string,
  message: string,
  fix: string | undefined,
  position: SourcePosition | undefined,
): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    ...(fix === undefined ? {} : { fix }),
    ...(position === undefined ? {} : { position }),
  }
}
