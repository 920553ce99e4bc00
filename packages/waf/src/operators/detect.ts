import { detectCrlf } from '../detectors/crlf/detect-crlf.ts'
import type { Detector } from '../detectors/detection.ts'
import { detectXss } from '../detectors/html/detect-xss.ts'
import { detectLdapInjection } from '../detectors/ldap/detect-ldap-injection.ts'
import { detectNoSqlOperator } from '../detectors/nosql/detect-nosql-operator.ts'
import { detectPathTraversal } from '../detectors/path/detect-path-traversal.ts'
import { detectPrototypePollution } from '../detectors/prototype/detect-prototype-pollution.ts'
import { detectSerializedObject } from '../detectors/serialized/detect-serialized-object.ts'
import { detectShellCommand } from '../detectors/shell/detect-shell-command.ts'
import { detectSqlInjection } from '../detectors/sql/detect-sql-injection.ts'
import { detectSsrfTarget } from '../detectors/ssrf/detect-ssrf-target.ts'
import { detectTemplateExpression } from '../detectors/template/detect-template-expression.ts'
import { detectXPathInjection } from '../detectors/xpath/detect-xpath-injection.ts'
import type { ByteString } from '../language/bytes.ts'
import type { OperatorFactory } from './operator.ts'

/** The operators that ask a detector, by name: each holds where the detector finds something, and captures its evidence. */
export const detectors = {
  detectCrlf: detectorOperator(detectCrlf),
  detectLdap: detectorOperator(detectLdapInjection),
  detectNoSql: detectorOperator(detectNoSqlOperator),
  detectPrototypePollution: detectorOperator(detectPrototypePollution),
  detectSerialized: detectorOperator(detectSerializedObject),
  detectShell: detectorOperator(detectShellCommand),
  detectSQLi: detectorOperator(detectSqlInjection),
  detectSsrf: detectorOperator(detectSsrfTarget),
  detectTemplate: detectorOperator(detectTemplateExpression),
  detectTraversal: detectorOperator(detectPathTraversal),
  detectXPath: detectorOperator(detectXPathInjection),
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
