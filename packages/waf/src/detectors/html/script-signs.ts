import type { Detection } from '../detection.ts'
import { firstMatch } from '../first-match.ts'

/**
 * What a script says that somebody smuggles in, wherever it stands in a value: a call that shows it ran, code that is put
 * together from pieces, the ways out of the sandboxes of template engines.
 */
export function findScriptSign(value: string): Detection | undefined {
  return mayHaveSign.test(value) ? firstMatch(value, signs) : undefined
}

// What every one of the signs below has in it.
const mayHaveSign =
  /alert|prompt|confirm|script|eval|with\s?\(|\?\.\s?\[|navigat|location\s?=|document\b|(?:window|self|top|this|parent|frames|globalThis)\b[^[]{0,50}\[|\.location|location\.hash|constructor|!\[\]|\[\]\s?\[|\+\{\}|\[\]\s?\]|expression|innerHTML|fromCharCode|getOwnProp|orderBy:|charAt|__|Function|setTimeout|setInterval|import\s?\(|s c r i p t|['"`]\s{0,9}\+\s{0,9}['"`]|<\s*[;/a-z]|&\{|on\w{3,30}\s*=|\]\(\s{0,9}(?:data|vbs)|Reflect\./i

const handlers =
  '(?:error|load|click|focus|focusin|blur|mouse(?:over|enter|move|out|down|up|leave|wheel)|pointer\\w{2,12}|animation\\w{3,10}|transition\\w{3,9}|toggle|key(?:press|down|up)|submit|change|input|begin|end|start|finish|scroll|resize|hashchange|message|unload|beforeunload|pageshow|popstate|wheel|drag\\w{0,6}|drop|cut|copy|paste|select\\w{0,6}|dblclick|auxclick|contextmenu|show|search|play\\w{0,3}|canplay\\w{0,7}|loadstart|loadeddata|readystatechange|propertychange|activate|bounce|zoom|cuechange|beforescriptexecute|afterscriptexecute)'

const shown = String.raw`(?:\d{1,9}|['"\x60/\\]{0,3}\w{0,12}xss|['"\x60/]\d{1,9}['"\x60/]|document\b|window\b|location\b|origin\b|this\b|self\b|top\b|String\.|name\b|localStorage|navigator|parent\b|atob|unescape|['"\x60]?(?:hacked|test|hello|pwn|hi|boom|owned|vulnerable|rodash))`

const signs: readonly RegExp[] = [
  new RegExp(
    String.raw`\b(?:alert|prompt|confirm)\s{0,9}(?:\?\.)?\s{0,9}(?:\(\x60?|\x60(?![\s)]))\s{0,9}${shown}`,
    'i',
  ),
  // Without anything to show, only where it is the page's own: `intent.confirm()` is a method of something else.
  /(?:(?<![\w$\])]\.)|(?<=\b(?:window|self|top|parent|frames|globalThis|this|document)\.))\b(?:alert|prompt|confirm)\s{0,9}(?:\?\.)?\s{0,9}(?:\(\s{0,9}\)(?!-)|``)/i,
  /\b(?:alert|prompt|confirm)\b[)\]]?\s{0,9}(?:\.(?:call|apply|bind)\s{0,9}\(|\?\.\()|\bthrow\s{0,9}(?:alert|onerror|\/)|(?:^|[=;,(])\s{0,9}(?:alert|prompt|confirm|eval)\s{0,9}(?:[;,]\s{0,9}\w{1,20}\s{0,9}\(|\/\*)/,
  /(?:java|vb|live)script\s{0,9}:\s{0,9}(?:\/\*|\/\/)?[\s\S]{0,40}?(?:alert|confirm|prompt|eval|document|window|location|import|fetch|String\.|throw|msgbox|atob|new\s)\b/i,
  // An object of the page asked by a name that is put together or escaped: self['ale'+'rt'], top[/al/.source+/ert/.source].
  /\b(?:window|self|top|parent|frames|globalThis|this|document)\b\)?\s{0,9}(?:\/\*[^*]{0,40}\*\/)?\s{0,9}\[\s{0,9}(?:\/\*[^*]{0,40}\*\/)?\s{0,9}(?:(["'`])(?:alert|prompt|confirm|eval|document|cookie|location|domain|Function|atob|write|[^"'`]{0,12}\1\s{0,9}(?:\+|\/\*)|[^"'`]{0,30}\\(?:x|u|\d))|\/[^/]{1,30}\/\.source|\(?\s{0,9}[+!({[]|\d{4,}|[a-z]{1,3}\s{0,9}\+|Object\.keys|atob)/,
  /!\[\]\s{0,9}\+|\+!!\[\]|\[\]\s{0,9}\[\s{0,9}\(|\(\s{0,9}!\[\]|\+\{\}\+\[\]|\+\[\]\]\s{0,9}\+/,
  /\bconstructor\s{0,9}(?:\.|\[\s{0,9}['"])\s{0,9}(?:constructor|prototype)|\.constructor\s{0,9}(?:\.call\s{0,9})?\(\s{0,9}['"`]|\bgetOwnPropertyDescriptor\s{0,9}\(|\bcharAt\s{0,9}=\s{0,9}\[\]|\borderBy:|\bconstructor\.fromCharCode|__(?:parent|proto|lookupGetter|defineGetter)__/,
  // A function of the page handed to a function that calls it: [1].map(alert), sort.call`${alert}1`, toJSON=alert.
  /\b(?:call|apply|bind|map|find|findIndex|forEach|with|sort|filter|some|every|reduce|from|replace|then)\s{0,9}(?:\(|`)[^)`\n]{0,40}\b(?:alert|confirm|prompt|eval|navigat(?:e|ion))\b\s{0,9}[,)}\]]|\b(?:toJSON|valueOf|toString|onerror)\s{0,9}(?:\?\?|\|\||&&)?[:=]\s{0,9}(?:alert|prompt|confirm|eval)\b/,
  /\bwith\s{0,9}\(\s{0,9}(?:location|document|window|self|top)\s{0,9}\)|\blocation\s{0,9}=\s{0,9}(?:location\.hash|name\b|window\.name|['"]java)|\$\.getScript\s{0,9}\(|\b(?:window|self|top|parent|frames|globalThis|document)\s{0,9}\?\.\s{0,9}\[/,
  // Code that is put together, then run.
  /\b(?:eval|Function|setTimeout|setInterval|execScript)\s{0,9}\(\s{0,9}(?:['"`]?\s{0,9}(?:alert|atob|unescape|String\.fromCharCode|location|name\b|document|window|decodeURI|\/|`|\+|\w{1,8}\s{0,9}[+(]))|\b\w{1,3}\s{0,9}=\s{0,9}(?:eval|alert|['"](?:ev|al|ale|eva)['"]\s{0,9}\+)|\beval\s{0,9}\.(?:call|apply)\b/,
  /\bdocument\s{0,9}(?:\.|\[\s{0,9}['"])\s{0,9}(?:cookie|domain|write(?:ln)?|location|__parent__|body\.(?:appendChild|innerHTML)|createElement\s{0,9}\(\s{0,9}['"](?:script|img|iframe))|\.innerHTML\s{0,9}=|\b(?:window|document|self|top|parent)\.location\s{0,9}(?:=[^=]|\.href\s{0,9}=|\.(?:assign|replace)\s{0,9}\()|\blocation\.hash\b.{0,20}(?:substr|slice|eval)|\bString\.fromCharCode\s{0,9}\(\s{0,9}\d{2,3}\s{0,9},/,
  /\bexpression\s{0,9}\(\s{0,9}(?:alert|eval|write|document|window|this|open|\()|&\{\s{0,9}(?:alert|document|eval)|\bwith\s{0,9}\(\s{0,9}document|\bimport\s{0,9}\(\s{0,9}['"`](?:\/\/|https?:|data:)|\burl\s{0,9}\(\s{0,9}['"]?\s{0,9}(?:java|vb)script/i,
  // A handler anywhere inside a tag or behind the end of an attribute, however the parts are glued together.
  new RegExp(String.raw`<[a-z!/?][^>]{0,400}?[\s"'/\\;\x00-\x20)x\d]on${handlers}[\s/]{0,9}=`, 'i'),
  new RegExp(String.raw`["'\x60][\s/)>;]{0,9}on${handlers}\s{0,9}=\s{0,9}["'\x60]?\s{0,9}[\w$({[/\\+-]`, 'i'),
  /<[\s;/]{0,8}[\s;][\s;/]{0,8}(?:(?:script|iframe|svg|applet|xss)\b[^a-z]|(?:embed|object)[\s/;]{1,9}\w)|<\s{1,9}x\s{0,9}:\s{0,9}script/i,
  // A name put together and called, the page's document taken apart: 'ale'+'rt'()   var{cookie}=document
  /(['"`])(?:a|al|ale|aler|e|ev|eva|p|pr|pro|prom|c|co|con|conf)\1\s{0,9}\+\s{0,9}['"`][a-z]{1,6}['"`]|\{\s{0,9}cookie\s{0,9}\}\s{0,9}=\s{0,9}document\b/,
  // Pieces handed to what runs them; a function taken by its name.
  /\b(?:setTimeout|setInterval|open|eval|Function|execScript)\s{0,9}\(\s{0,9}(['"`])[^'"`]{0,20}\1\s{0,9}\+\s{0,9}['"`]|\w\[\s{0,9}(['"`])(?:alert|confirm|prompt|eval)\2\s{0,9}\]\s{0,9}[(`]/,
  // A link of Markdown that runs; a function of the page handed on without being called.
  /\]\(\s{0,9}<?(?:data:text\/html|data:image\/svg|vbscript:)/i,
  /[)\]]\s{0,9}\(\s{0,9}(?:alert|confirm|prompt|eval)\s{0,9}[,)]|[{,]\s{0,9}\w{1,20}\s{0,9}:\s{0,9}(?:alert|confirm|prompt|eval)\s{0,9}[,}]|\bReflect\.(?:construct|apply|set)\s{0,9}(?:\.call\s{0,9})?[(`]\s{0,9}(?:Function|alert|eval|self|window|top|location|\$\{)|\[\s{0,9}(?:alert|confirm|prompt|eval)\s{0,9}\]\s{0,9}\[\s{0,9}\d/,
  // A function of the page under another name; all that the page has, called one after the other.
  /(?:^|[;,({"'\s])\$\s{0,3}=\s{0,3}(?:alert|confirm|prompt|eval)\s{0,3}[,;)]|\bfor\s{0,9}\([^)]{1,30}\)?\s{0,9}in\s{0,9}\(?\s{0,9}(?:self|window|top|globalThis)\s{0,9}\)/,
  // Every letter by itself, for those who take the white space out.
  /< s c r i p t|j a v a s c r i p t :|o n (?:e r r o r|l o a d) ?=/i,
  /\\(?:x|u00)3cscript|%(?:25){0,3}3cscript|\xbcscript\xbe|\xc2?\xbc\/?script/i,
]
