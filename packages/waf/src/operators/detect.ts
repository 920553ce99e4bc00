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
import { detectPrivateTarget } from '../detectors/ssrf/detect-private-target.ts'
import { detectSsrfTarget } from '../detectors/ssrf/detect-ssrf-target.ts'
import { detectTemplateExpression } from '../detectors/template/detect-template-expression.ts'
import { detectXPathInjection } from '../detectors/xpath/detect-xpath-injection.ts'
import type { ByteString } from '../language/bytes.ts'
import { ByteClass } from '../regex/byte-class.ts'
import type { ByteCondition } from '../regex/byte-condition.ts'
import { KnownDetections } from './known-detections.ts'
import type { OperatorFactory } from './operator.ts'

/** The operators that ask a detector, by name: each holds where the detector finds something, and captures its evidence. */
export const detectors = {
  detectCrlf: detectorOperator(detectCrlf, '\r\n%\\\xe5'),
  detectLdap: detectorOperator(detectLdapInjection, '()*\\'),
  detectNoSql: detectorOperator(detectNoSqlOperator, '$\'"\n;|&.({'),
  detectPrivateTarget: detectorOperator(detectPrivateTarget, '/\\'),
  detectPrototypePollution: detectorOperator(detectPrototypePollution, '_.[]{"\'\\/'),
  detectSerialized: detectorOperator(detectSerializedObject),
  detectShell: detectorOperator(detectShellCommand),
  detectSQLi: detectorOperator(detectSqlInjection, ' \t\r\n\'"`()=<>|&/*+#@-,;%\\{\xa0\xe2\xef\xca'),
  detectSsrf: detectorOperator(detectSsrfTarget, ':/\\.'),
  detectTemplate: detectorOperator(detectTemplateExpression, '{}[(%#@'),
  detectTraversal: detectorOperator(detectPathTraversal, './\\%:'),
  detectXPath: detectorOperator(detectXPathInjection, '(/:]@='),
  detectXSS: detectorOperator(detectXss, '<=(`\\[&:+.{!\xef\xca\xbc'),
} as const satisfies Record<string, OperatorFactory>

/** `signs`: the value must have one of these bytes, else the detector need not be asked; all values are where none are given. */
function detectorOperator(detect: Detector, signs?: string): OperatorFactory {
  const condition = signs === undefined ? undefined : anyOf(signs)
  return (argument, context) => {
    if (argument.trim() !== '') {
      context.report({
        code: 'operator-argument',
        severity: 'error',
        message: `this operator takes no argument, and "${argument}" would have no effect`,
        fix: 'leave the argument out',
      })
    }
    const known = new KnownDetections(detect)
    return {
      macro: false,
      ...(condition !== undefined && { condition }),
      test(value, scope, captures) {
        const detection = known.detect(value, scope)
        if (detection !== undefined) captures?.set(0, detection.evidence as ByteString)
        return detection !== undefined
      },
    }
  }
}

/** One of the signs, or of the bytes in which each could be written wide. */
function anyOf(signs: string): ByteCondition {
  return { kind: 'class', bytes: ByteClass.ofText(`${signs}\xc0\xc1\xe0\xef`) }
}
