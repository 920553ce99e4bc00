import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { firstMatch } from '../first-match.ts'
import { isRunningText } from '../running-text.ts'

// The classes that gadget chains begin with; those who report errors name them too.
const gadgets =
  /(?:org\.apache\.commons\.(?:collections|beanutils)|com\.sun\.(?:rowset|org\.apache\.xalan)|org\.springframework\.(?:beans\.factory|context\.support)|bsh\.(?:Interpreter|XThis|NameSpace)|clojure\.(?:core|main|lang|inspector|java|genesis)\b|javax\.management\.BadAttribute|java\.(?:lang\.ProcessBuilder|beans\.EventHandler|rmi\.server)|com\.opensymphony\.xwork2|java\.lang\.(?:Runtime|ProcessImpl|reflect\.))(?:[\w.$]{2}|$)/

const patterns: readonly RegExp[] = [
  // Java: the stream's magic number, as bytes, in base64 and in hexadecimal.
  new RegExp(String.raw`\xac\xed\x00\x05|\brO0AB[A-Za-z0-9+/=_-]|\baced0005[0-9a-f]{4}`, 'i'),
  // PHP: an object with its class; arrays and scalars are left alone.
  /(?:^|[;{}])[OC]:\+?\d{1,6}:"[\w\\]{1,200}":\d{1,6}:\{/,
  // .NET: BinaryFormatter, and the members that name the type to build.
  /\bAAEAAAD\/{5}|"\$type"\s{0,9}:\s{0,9}"[\w.`,+\s[\]]{1,200}(?:System\.|Microsoft\.)|"(?:\$type|__type)"\s{0,9}:\s{0,9}"System\.|ObjectDataProvider|System\.(?:Diagnostics\.Process|Windows\.Data|Configuration\.Install|Activities\.Presentation)/,
  // Python: pickles that import, and their base64.
  new RegExp(
    String.raw`(?:^|[\n.(])c(?:os|posix|nt|subprocess|builtins|__builtin__|sys|commands)\n\w{1,40}\n|\x80[\x02-\x05][\s\S]{0,20}(?:c(?:os|posix|nt|subprocess|builtins|__builtin__)\n|\x8c)|\bgA[JNQ][jB][A-Za-z0-9+/]{10}|\bgAS[UV][A-Z][A-Za-z0-9+/]{10}|\bY(?:29zCnN5c3Rlb|3Bvc2l4CnN5c3Rlb|19fYnVpbHRpbl9f)`,
  ),
  // Ruby: Marshal of an object, as bytes and in base64.
  new RegExp(String.raw`^\x04\x08[o[{IucC]|\bBAh[bvzIJ7V][A-Za-z0-9+/:]{12}`),
  // Node: node-serialize, funcster.
  /_\$\$ND_FUNC\$\$_|__js_function/,
  // YAML tags that name a class.
  /\btag:yaml\.org,2002:(?:python|ruby|java)|!!?(?:python\/(?:object|name|module|apply)|ruby\/(?:object|hash|struct|class)|java[x.]|javax\.|com\.sun\.|org\.|net\.|php\/object)/,
  // JSON of Java: fastjson and Jackson with a class to build.
  /"@(?:type|class)"\s{0,9}:\s{0,9}"(?:\[|L){0,40}(?:[a-z][\w$]{0,40}\.){1,9}[A-Z]|"@(?:type|class)"\s{0,9}:\s{0,9}"[\w.$[]{0,40}java|\["(?:com|org|java|javax|net|ch)\.[\w.$]{3,80}"\s{0,9},/,
  // XMLDecoder and XStream.
  /<(?:java\s[^>]{0,200}XMLDecoder|object\s{1,9}class\s{0,9}=\s{0,9}["']java|dynamic-proxy|sorted-set>\s{0,40}<|void\s{1,9}(?:method|property|class)\s{0,9}=)/,
]

/** Finds an object of Java, PHP, .NET, Python, Ruby or Node in its serialized form: reading it back would run code. */
export function detectSerializedObject(value: ByteString): Detection | undefined {
  if (!mayBeObject.test(value)) return undefined
  const found = firstMatch(value, patterns)
  if (found !== undefined || !gadgets.test(value) || isRunningText(value)) return found
  return firstMatch(value, [gadgets])
}

// What each of the patterns has in it: bytes of a stream, how its base64 begins, a sign of a document, or a name.
const mayBeObject = new RegExp(
  String.raw`[\x00-\x08\n\x80\xac!<]|rO0|aced|AAEAAA|gA[SJNQ]|BAh|Y29zC|Y3Bvc|Y19fY|:\+?\d+:"|\$\$|__js|"\$type|__type|@(?:type|class)|\["|Object|System\.|\b(?:org|com|java|javax|bsh|clojure)\.`,
  'i',
)
