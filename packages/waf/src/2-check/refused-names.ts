/** Directives of other engines that this one will not carry out, and why. */
export const refusedDirectives: ReadonlyMap<string, string> = new Map([
  ['secrulescript', 'rules run no Lua'],
  ['secdataset', 'lists are kept in files, which @pmFromFile and @ipMatchFromFile name'],
  ['secremoterules', 'rules come from files alone, never from a network'],
  ['secremoterulesfailaction', 'rules come from files alone, never from a network'],
  ['secgsblookupdb', 'the service it asks is no more'],
  ['sechttpblkey', 'rules ask no other service'],
  [
    'secgeolookupdb',
    "rules look up no addresses; a host that knows an address's country refuses by it before rules are asked",
  ],
  ['secguardianlog', 'nothing is written to other programs'],
  ['secchrootdir', 'the process is confined by its host'],
  ['seccontentinjection', 'responses are not rewritten'],
  ['sechashengine', 'responses are not rewritten'],
  ['sechashkey', 'responses are not rewritten'],
  ['sechashparam', 'responses are not rewritten'],
  ['sechashmethodrx', 'responses are not rewritten'],
  ['sechashmethodpm', 'responses are not rewritten'],
  ['secstreaminbodyinspection', 'bodies are not rewritten'],
  ['secstreamoutbodyinspection', 'bodies are not rewritten'],
  ...[
    'secpdfprotect',
    'secpdfprotectmethod',
    'secpdfprotectsecret',
    'secpdfprotecttimeout',
    'secpdfprotecttokenname',
  ].map((name): [string, string] => [name, 'responses are not rewritten']),
  ['secunicodecodepage', 'the best-fit mapping of code page 20127 is built in, and no other'],
  ['secignorerulecompilationerrors', 'a rule file is loaded whole or not at all'],
])

/** Actions of other engines that this one will not carry out, and why. */
export const refusedActions: ReadonlyMap<string, string> = new Map([
  ['exec', 'rules run no programs'],
  ['proxy', 'rules forward to no other server'],
  ['append', 'responses are not rewritten'],
  ['prepend', 'responses are not rewritten'],
  ['pause', 'a waiting request is one that an attacker can make many of'],
  [
    'xmlns',
    'expressions of XPath are not evaluated; XML:/* has all texts of a document, XML://@* all attributes',
  ],
  ...[
    'sanitisearg',
    'sanitisematched',
    'sanitisematchedbytes',
    'sanitiserequestheader',
    'sanitiseresponseheader',
  ].flatMap((name) =>
    [name, name.replace('sanitise', 'sanitize')].map((spelling): [string, string] => [
      spelling,
      'secrets are masked by whoever writes the log, by the names of fields and what they look like',
    ]),
  ),
  ['deprecatevar', 'counters that must fall over time are for the rate limits'],
])

/** What `ctl` changes in other engines and this one will not, by its name in lower case, and why. */
export const refusedControls: ReadonlyMap<string, string> = new Map([
  ['hashengine', 'responses are not rewritten'],
  ['hashenforcement', 'responses are not rewritten'],
  ['parsexmlintoargs', 'the values of a document are in XML:/* and XML://@*'],
  ['responsebodyprocessor', 'bodies of responses are not taken apart; RESPONSE_BODY has them whole'],
])
