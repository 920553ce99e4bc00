import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { firstMatch } from '../first-match.ts'

const operators =
  '(?:eq|ne|gte?|lte?|n?in|regex|options|where|n?or|and|not|exists|expr|function|accumulator|jsonSchema|text|search|mod|type|size|all|elemMatch|lookup|out|merge|unionWith|graphLookup|set|unset|inc|push|pull|rename|comment|slice|meta|natural|func|reduce|group|match|project|sum|toString)'

// As a name in a body the ones that change documents, and the ones that are nouns, are of those who report about their users too:
// user_properties.$set.plan is what analytics are sent.
const querying =
  '(?:eq|ne|gte?|lte?|n?in|regex|options|where|n?or|and|not|exists|expr|function|accumulator|jsonSchema|elemMatch|lookup|out|merge|unionWith|graphLookup|natural|func|reduce|mod|text|size|all|meta|rand|sampleRate|bits(?:All|Any)(?:Set|Clear)|geoWithin|geoIntersects|near(?:Sphere)?)'

const patterns: readonly RegExp[] = [
  // As a key of a parameter or of a document: user[$ne]   user.$ne   {"$gt":""}   {$where:
  new RegExp(String.raw`(?:^|[\w\]])\[\s{0,9}["']?\$${operators}["']?\s{0,9}\]`),
  new RegExp(String.raw`^(?:[\w.[\]-]{1,200}\.)?\$${querying}(?:$|[.[])`),
  new RegExp(String.raw`[{,[]\s{0,99}(?:"|'|&quot;)?\$${operators}(?:"|'|&quot;)?\s{0,9}:`),
  /(?:^|[^\w$])\$(?:where|func|accumulator|expr)["']?\s{0,9}:/,
  // Script inside a query: '||this.a=='   ';return true;//   db.users.find(
  /["']\s{0,9}(?:\|\||&&|;|\})[ \t]{0,9}(?:\(?\s{0,9}(?:this\.\w|return\b|sleep\(|function\s{0,9}\(|while\s{0,9}\(|var\s|true\b|1\s{0,9}[=<>]{2}|['"]\w{0,40}['"]?\s{0,9}[=!]={1,2}))/,
  /(?:^|['"]\s{0,9}(?:\|\||&&|;|\}|\+)|\breturn)[\s(!]{0,9}this\.\w{1,40}(?:\.(?:match|length|charAt|substring|startsWith|indexOf)\b|\[\d|\s{0,9}[=!]==?\s{0,9}['"\w])/,
  /\bdb\.(?:\w{1,40}\.(?:find|findOne|insert|insertOne|insertMany|drop|remove|update|updateOne|deleteMany|deleteOne|aggregate|mapReduce|count|stats)|getCollection(?:Names)?|getUsers?|createUser|updateUser|grantRolesToUser|shutdownServer|currentOp|copyDatabase|getName|dropDatabase|version|adminCommand|runCommand|eval|injection)\s{0,9}\(/,
  /^\s{0,9}(?:\d{1,9}|true|false|null)?\s{0,9}[;,]?\s{0,9}(?:\|\||&&)\s{0,9}\(?\s{0,9}(?:1\s{0,9}={2,3}\s{0,9}1|['"]?\w{1,10}['"]?\s{0,9}={2,3}\s{0,9}['"]?\w{1,10}['"]?|true)\s{0,9}(?:\/\/|;|\}|\)|$|%00|\0)/,
  /^\w{0,9};\s{0,9}return\s{1,9}(?:true|false|1)\b|;[ \t]{0,9}(?:var\s{1,9}\w{1,20}\s{0,9}=\s{0,9}new\s{1,9}Date\(\)|do\s{0,9}\{[^}]{0,200}\}\s{0,9}while)/,
  // Redis and Memcached: a command on a line of its own.
  /[\r\n](?:\*\d{1,4}\r?\n\$\d{1,6}\r?\n|(?:flushall|config\s{1,9}set|slaveof|set\s{1,9}\S{1,80}\s{1,9}\d+\s{1,9}\d+\s{1,9}\d+)\b)/i,
]

/** Finds the operators and scripts of document databases where a plain value or name was to be. */
export function detectNoSqlOperator(value: ByteString): Detection | undefined {
  return /[$'"\n;|&]|this\.|db\./.test(value) ? firstMatch(value, patterns) : undefined
}
