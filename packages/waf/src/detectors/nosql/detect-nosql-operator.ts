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
  /["']\s{0,9}(?:\|\||&&|;|\})[ \t]{0,9}(?:\(?[ \t]{0,9}(?:this\.\w|return\b|sleep\(|function\s{0,9}\(|while\s{0,9}\(|var\s|true\b|1\s{0,9}[=<>]{2}|['"]\w{0,40}['"]?\s{0,9}[=!]={1,2}))/,
  /(?:^|['"]\s{0,9}(?:\|\||&&|;|\}|\+)|\breturn)[\s(!]{0,9}this\.\w{1,40}(?:\.(?:match|length|charAt|substring|startsWith|indexOf)\b|\[\d|\s{0,9}[=!]==?\s{0,9}['"\w])/,
  /\bdb\.(?:\w{1,40}\.(?:find|findOne|insert|insertOne|insertMany|drop|remove|update|updateOne|deleteMany|deleteOne|aggregate|mapReduce|count|stats)|getCollection(?:Names)?|getUsers?|createUser|updateUser|grantRolesToUser|shutdownServer|currentOp|copyDatabase|getName|dropDatabase|version|adminCommand|runCommand|eval|injection)\s{0,9}\(/,
  /^\s{0,9}(?:\d{1,9}|true|false|null)?\s{0,9}[;,]?\s{0,9}(?:\|\||&&)\s{0,9}\(?\s{0,9}(?:1\s{0,9}={2,3}\s{0,9}1|['"]?\w{1,10}['"]?\s{0,9}={2,3}\s{0,9}['"]?\w{1,10}['"]?|true)\s{0,9}(?:\/\/|;|\}|\)|$|%00|\0)/,
  /^\w{0,9};\s{0,9}return\s{1,9}(?:true|false|1)\b|;[ \t]{0,9}(?:var\s{1,9}\w{1,20}\s{0,9}=\s{0,9}new\s{1,9}Date\(\)|do\s{0,9}\{[^}]{0,200}\}\s{0,9}while)/,
  // The document itself, in a script: throw new Error(JSON.stringify(this))   Object.keys(this)[0]
  /\b(?:JSON\.stringify|Object\.(?:keys|values|entries))\s{0,9}\(\s{0,9}this\s{0,9}\)|^\s{0,9}function\s{0,9}\(\s{0,9}\w{0,20}\s{0,9}\)\s{0,9}\{\s{0,9}return\b/,
  // Cypher of Neo4j: a pattern that was left, then a clause; calls of procedures; files that are loaded.
  /['"\d]\s{0,9}(?:\}?\s{0,9}\)?\s{0,9})(?:OR\s[^\r\n]{1,60}\s)?(?:RETURN\s{1,9}[\w.*]{1,40}|(?:DETACH\s{1,9})?DELETE\s{1,9}\w{1,20}|WITH\s{1,9}\w{1,20}\s{1,9}(?:CALL|MATCH|LOAD)\b|UNION\s{1,9}(?:ALL\s{1,9})?MATCH\s{0,9}\()[^\r\n]{0,200}\/\//i,
  /(?:^|[;'"})\d])\s{0,9}MATCH\s{0,9}\(\s{0,9}\w{0,20}(?:\s{0,9}:\s{0,9}\w{1,40})?\s{0,9}(?:\{[^}]{0,100}\})?\s{0,9}\)[^;\r\n]{0,200}\b(?:RETURN|DELETE|SET|REMOVE)\s{1,9}\w/i,
  /\bCALL\s{1,9}(?:apoc|dbms|db|gds|algo)\.\w[\w.]{1,60}\s{0,9}(?:\(|YIELD)|\bLOAD\s{1,9}CSV\s{1,9}(?:WITH\s{1,9}HEADERS\s{1,9})?FROM\s{1,9}["']/i,
  // A parser that a query of Solr asks for.
  /\{!\s{0,3}(?:xmlparser|func|query|join|graph|payload_score|lucene\s|edismax\s|dismax\s)/,
  // Redis and Memcached: a command on a line of its own.
  /[\r\n](?:\*\d{1,4}\r?\n\$\d{1,6}\r?\n|(?:flushall|config\s{1,9}set|slaveof|set\s{1,9}\S{1,80}\s{1,9}\d+\s{1,9}\d+\s{1,9}\d+)\b)/i,
]

/** Finds the operators and scripts of document databases where a plain value or name was to be. */
export function detectNoSqlOperator(value: ByteString): Detection | undefined {
  return /[$'"\n;|&]|this\.|db\.|\{!|\bfunction\b|match\s*\(|call\s/i.test(value)
    ? firstMatch(value, patterns)
    : undefined
}
