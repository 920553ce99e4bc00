import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The suite's folder, beside the repository. */
export const crs3Suite = join(
  import.meta.dirname,
  '../../../../../../shared/data/crs-3.3.4-regression/tests/regression/tests',
)

/** The file with which Debian's package modsecurity-crs loads the rules. */
export const crs3Loader = '/usr/share/modsecurity-crs/owasp-crs.load'

/** Why the suite cannot run here; false where it can. */
export const crs3Missing: string | false = existsSync(crs3Loader)
  ? !existsSync(crs3Suite) && 'shared/data/crs-3.3.4-regression is not here'
  : "Debian's package modsecurity-crs is not installed"

/** Stages that go otherwise here, and why. */
export const crs3Exceptions: ReadonlyMap<string, string> = new Map([
  [
    '920181-1',
    'a server refuses Content-Length beside Transfer-Encoding; the engine sees bodies after chunks are joined',
  ],
  ...['920460-1', '920460-2', '920460-3', '920460-4', '941330-1'].map((title): [string, string] => [
    title,
    'its rule counts on Apache halving backslashes between quotes, which libmodsecurity and rules of CRS 4 do not',
  ]),
  ...['942100-4', '942100-12', '942100-13', '942101-2', '942101-6'].map((title): [string, string] => [
    title,
    'its text changes no SQL statement, which is what the detector decides by',
  ]),
])

/** The settings of the suite's own instructions. */
export const crs3Settings = `SecAction "id:900005,phase:1,nolog,pass,ctl:ruleEngine=DetectionOnly,ctl:ruleRemoveById=910000,\\
  setvar:tx.paranoia_level=4,setvar:tx.crs_validate_utf8_encoding=1,setvar:tx.arg_name_length=100,\\
  setvar:tx.arg_length=400,setvar:tx.total_arg_length=64000,setvar:tx.max_num_args=255,\\
  setvar:tx.max_file_size=64100,setvar:tx.combined_file_size=65535"
`
