/** Variables of other engines that this one does not have, and why. */
export const refusedVariables: ReadonlyMap<string, string> = new Map([
  ['FILES_TMPNAMES', 'uploads are not written to files; FILES_TMP_CONTENT has what is in them'],
  ['FILES_TMP_NAMES', 'uploads are not written to files; FILES_TMP_CONTENT has what is in them'],
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
  ['ARGS_PATH', 'rules know no routes; REQUEST_FILENAME has the path'],
  ['JSON', 'the values of a JSON document are in ARGS_POST, as json.items.0.id'],
  ['REQUEST_XML', 'the values of an XML document are in XML'],
  ['RESPONSE_ARGS', 'bodies of responses are not taken apart; RESPONSE_BODY has them whole'],
  ['RESPONSE_XML', 'bodies of responses are not taken apart; RESPONSE_BODY has them whole'],
  ...['ERROR', 'ERROR_MSG', 'PROCESSOR', 'PROCESSOR_ERROR', 'PROCESSOR_ERROR_MSG'].map(
    (what): [string, string] => [`RES_BODY_${what}`, 'bodies of responses are not taken apart'],
  ),
  ['SDBM_DELETE_ERROR', 'collections are kept in memory'],
  ['STREAM_INPUT_BODY', 'bodies are not rewritten'],
  ['STREAM_OUTPUT_BODY', 'bodies are not rewritten'],
])
