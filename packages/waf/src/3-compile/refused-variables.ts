/** Variables of other engines that this one does not have, and why. */
export const refusedVariables: ReadonlyMap<string, string> = new Map([
  ['FILES_TMPNAMES', 'uploads are not written to files; FILES_TMP_CONTENT has what is in them'],
  ['FILES_TMP_NAMES', 'uploads are not written to files; FILES_TMP_CONTENT has what is in them'],
  [
    'FULL_REQUEST',
    'a request is not kept as one text; REQUEST_LINE, REQUEST_HEADERS and REQUEST_BODY have its parts',
  ],
  [
    'FULL_REQUEST_LENGTH',
    'a request is not kept as one text; REQUEST_BODY_LENGTH has the length of its body',
  ],
  ['WEBSERVER_ERROR_LOG', 'no other server writes a log that rules could read'],
  ...[
    'SCRIPT_BASENAME',
    'SCRIPT_FILENAME',
    'SCRIPT_GID',
    'SCRIPT_GROUPNAME',
    'SCRIPT_MODE',
    'SCRIPT_UID',
    'SCRIPT_USERNAME',
  ].map((name): [string, string] => [name, 'requests are forwarded, and no script is run here']),
  ...['PERF_ALL', 'PERF_COMBINED', 'PERF_GC', 'PERF_LOGGING', 'PERF_RULES', 'PERF_SREAD', 'PERF_SWRITE'].map(
    (name): [string, string] => [name, 'what rules cost is measured by a profile, not by rules'],
  ),
  ...[1, 2, 3, 4, 5].map((phase): [string, string] => [
    `PERF_PHASE${phase}`,
    'what rules cost is measured by a profile, not by rules',
  ]),
  ['GEO', 'rules look up no addresses'],
  ['MSC_PCRE_ERROR', 'every expression takes linear time, and none fails on a value'],
  ['MSC_PCRE_LIMITS_EXCEEDED', 'every expression takes linear time, and none fails on a value'],
  ['STREAM_INPUT_BODY', 'bodies are not rewritten'],
  ['STREAM_OUTPUT_BODY', 'bodies are not rewritten'],
])
