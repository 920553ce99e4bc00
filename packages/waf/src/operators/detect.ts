import type { Detector } from '../detectors/detection.ts'
import { detectXss } from '../detectors/html/detect-xss.ts'
import { detectSqlInjection } from '../detectors/sql/detect-sql-injection.ts'
import type { ByteString } from '../language/bytes.ts'
import type { OperatorFactory } from './operator.ts'

/** The operators that ask a detector, by name: each holds where the detector finds something, and captures its evidence. */
export const detectors = {
  detectSQLi: detectorOperator(detectSqlInjection),
  detectXSS: detectorOperator(detectXss),
} as const satisfies Record<string, OperatorFactory>

function detectorOperator(detect: Detector): OperatorFactory {
  return (argument, context) => {
    if (argument.trim() !== '') {
      context.report({
        code: 'operator-argument',
        severity: 'error',
        message: `this operator takes no argument, and "${argument}" would have no effect`,
        fix: 'leave the argument out',
      })
    }
    return {
      macro: false,
      test(value, _scope, captures) {
        const detection = detect(value)
        if (detection !== undefined) captures?.set(0, detection.evidence as ByteString)
        return detection !== undefined
      },
    }
  }
}
