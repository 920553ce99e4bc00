import type { SignedPatterns } from '../first-match.ts'

const folders = String.raw`(?:/(?:etc|bin|usr|sbin|proc|var|tmp|dev|root|home|opt)/|[a-zA-Z]:\\|\\\\|~/|\./|\$\{?(?:HOME|PATH|PWD|SHELL))`

/** What has no use but to be run where nobody meant it to, also behind the sentences of a text. */
export const strongConstructs: readonly SignedPatterns[] = [
  {
    sign: /\(\)\s{0,9}\{/,
    patterns: [/\(\)\s{0,9}\{\s{0,9}(?::|_|\w{0,9})?\s{0,9};?\s{0,9}\}\s{0,9};|^\(\)\s{0,9}\{/],
  },
  {
    sign: /\$\{?IFS|\/dev\/(?:tcp|udp)\/|\bnc/i,
    patterns: [
      // The field separator where words part; a shell at the other end of a connection.
      /\w\$\{?IFS\b|\$\{?IFS\}?[\w$/\\{]|\/dev\/(?:tcp|udp)\/|\bnc(?:at)?\s{1,9}(?:[\w.:-]{1,40}\s{1,9}){0,6}-[a-z]{0,5}[ec]\b/i,
    ],
  },
  {
    sign: /\{,?[a-z]{2,8},/,
    patterns: [
      // Braces with a command in them: {cat,/etc/passwd}.
      /(?<![\w}])\{,?(?:cat|ls|id|cd|echo|wget|curl|nc|ping|uname|bash|sh|head|tail|rm|touch|whoami|nslookup|sleep|printf|ifconfig|ip|ps|df|env|netstat),(?:[^\s{}]{0,60}[/.$*-][^\s{}]{0,60}|\d{1,3})?\}|\{,[a-z]{2,12},[\w./-]{1,40}\}|\{(?:ifconfig|uname|netstat|nslookup|wget|curl|whoami),[\w./:-]{1,60}\}/,
    ],
  },
  {
    sign: /[?*'"\\[]/,
    patterns: [
      // Two segments of a path in the signs of a glob, which a shell fills in: /e??/pa???d.
      /(?:\/[\w.]{0,12}\?[\w?*.]{0,20}){2}(?:$|[\s;|&'"`)])/,
      // Words in pieces between slashes: /???/c?t, /b'i'n/cat, /bin/ca*, /etc/pas[s]wd.
      /(?:^|[\s;|&`$(=<{,])\/(?:(?:[?*]|[a-z]['"\\])[\w?*'"\\]{1,9}|[\w?*]{0,5}[?*][\w?*]{0,5})\/[\w?*['"\]\\]{2,}/i,
      /\/(?:etc|bin|usr|e[?*[\]\w]{0,8}c)\/[\w/]{0,20}(?:[\w]{0,20}\[[!^\w-]{1,9}\]|[\w]{1,9}[?*]{1,9})[\w?*[\]]{0,20}(?:$|[\s;|&`'"])/i,
    ],
  },
]

/** What a value says that only a shell, or the code of a program that starts one, has a use for. */
export const constructs: readonly SignedPatterns[] = [
  ...strongConstructs,
  {
    sign: /\(/,
    patterns: [
      // Functions of languages that start a command, or show that they would.
      /\b(?:shell_exec|passthru|proc_open|pcntl_exec|phpinfo|popen)\s{0,9}\(|\b(?:system|exec|assert|eval|create_function|call_user_func)\s{0,9}\(\s{0,9}(?:\$_(?:GET|POST|REQUEST|COOKIE|SERVER)|['"](?:id|ls|dir|whoami|cat|uname|pwd|ps|phpinfo|print|echo|system|base64_decode)|base64_decode|gzinflate|str_rot13|chr\()/,
      /(?:^|[;|&={}\s(@'"])(?:system|exec|passthru|shell_exec)\s{0,9}\(\s{0,9}['"](?:\/?\w{1,20}\/)*(?:sleep|wget|curl|ping|nslookup|id|ls|cat|dir|whoami|uname|bash|sh|cmd|powershell|nc|touch|rm|echo|type|net|ipconfig|ifconfig|chmod|expr|python\d?|perl|php)\b/i,
    ],
  },
  {
    sign: /[$%]|<\?|<<</,
    patterns: [
      // Empty expansions, which hide where words part: w$@hoami, c${x}at.
      /\b[a-z]{1,9}\$[@*][a-z]{1,9}\b|\b(?:cat|ls|id|nl|head|tail|more|less|tac|od|curl|wget|nc|bash|sh|ping|uname|whoami)\$\w{1,9}(?=[\s+;|&/\\]|$)|\w\$\([a-z]{1,12}\)[\w/]|\$\(\(\s{0,9}\$?\(*\s{0,9}\d{1,9}\s{0,9}<<|<<<\s{0,9}\$|(?:\$0|sh|\w)\s{0,3}<<<\s{0,3}[\w'"]|\/(?:etc|bin|usr)\$\w{1,9}\/|[;|&`]\s{0,9}[a-z]{1,8}\$[!?$_-][a-z]{1,8}|\w\$\{\w{0,9}\}[\w/]|\$\{(?:PATH|HOME|SHELL|PWD|LS_COLORS|OLDPWD)[:%#]|\$'\\(?:x[\da-f]{2}|\d{3})|%(?:ProgramFiles|SystemRoot|windir|ComSpec|CommonProgramFiles|PATHEXT|TEMP|ALLUSERSPROFILE)(?:\(x86\))?(?::~-?\d{1,3},-?\d{1,3})?%/i,
      /\{\s{0,9}\$\s{0,9}\{\s{0,9}@?\w{1,40}\s{0,9}\(|\$\{\s{0,9}@(?:print|eval|system|phpinfo|md5|assert|var_dump|exec|passthru)\s{0,9}\(/i,
      /\$_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES|SESSION|ENV)(?:\s{0,9}\[|$|=)|<\?(?:php\b|=|\s{1,9}(?:echo|exec|system|eval|print|require|include|php)\b)/,
    ],
  },
  {
    sign: /\$(?:0|\{?\w)/,
    patterns: [
      // A line that is handed to the shell itself; a command in a variable, and then the variable; a path cut out of one.
      /\|\s{0,4}\$(?:0|\{?(?:SHELL|BASH)\b)/,
      /(?:^|[;&|\n\r])\s{0,4}([A-Za-z_]\w{0,19})=\$?[^;&|\r\n]{1,80}[;&|\r\n]{1,2}\s{0,4}\$\{?\1\b/,
      /\b(?:cat|ls|head|tail|more|less|nl|tac|sh|bash|curl|wget|rm)\s{1,4}["']?\$\{\w{1,20}(?:\/{1,2}[^}\s]{1,40}\/|:\d{1,3}:\d|[#%]{1,2}[^}\s])/,
    ],
  },
  {
    sign: /sh\s|\bcmd|powershell|pwsh/i,
    patterns: [
      /(?<!\w\.)\b(?:ba|z|k|da)?sh\s{1,9}-[ic]\b|\bcmd(?:\.exe)?\s{1,9}\/[ckr]\b|\b(?:powershell|pwsh)(?:\.exe)?\s{1,9}(?:-(?:e|enc|nop|c|w|ep|exec|command|file)|[a-z]:\\)/i,
    ],
  },
  {
    sign: /[&|]\s{0,3}rem\b|#\s{0,4}$/i,
    patterns: [
      // The rest of the line is made a remark, whatever was taken for white space before it: "ping;-w;9000;-n;1;4.3.2.1&rem;
      /\b(?:rm|del|ping|ver|uname|dir|type|echo|id|cat|net)\b[^\r\n]{0,80}[&|]\s{0,3}rem(?:[^\w'\u0020]|\s{0,4}$)/i,
      /^['"]?(?:[&|;\r\n]|\\x0[ad]|%0[ad]){0,3}(?:rm|del|ping|ver|uname|dir|type|echo|id|cat)(?:[\s;,\xa0]|\\x(?:09|a0)|%(?:20|09)){1,3}[\w>.\\ -]{1,80}#\s{0,4}$/i,
    ],
  },
  {
    sign: /bin\//,
    patterns: [
      /(?:^|[;|&`$(=<{,])\/(?:usr\/(?:local\/)?)?s?bin\/(?!(?:nologin|false|true)(?![\w-]))(?:[\w?*'"\\[\]-]{1,20})(?:$|[\s;|&`)'"$<>,}\\])/,
    ],
  },
  {
    sign: /^\s{0,9}[a-z]/i,
    patterns: [
      // A command at the very start, with an argument that only a shell has a use for.
      new RegExp(
        String.raw`^\s{0,9}(?:sudo\s{1,9}|time\s{1,9})?(?:cat|ls|head|tail|more|less|nl|tac|od|xxd|rm|cp|mv|find|grep|awk|sed|chmod|touch|type|dir|wget|curl|sh|bash|python[\d.]{0,4}|perl|php|ruby|strings|file|stat|base64|ping|echo|sort|cut|dd|tee|vi|vim|nano|zcat|zstdcat|gunzip|tar|ln|chown|mkdir|rev|diff|paste|uniq|hexdump|source|flock|busybox)(?:\s{1,9}-{1,2}[\w=-]{1,20}){0,6}\s{1,9}(?:if=)?["']?${folders}`,
      ),
      /^\s{0,9}echo\s{1,9}[^|;&>\r\n]{1,80}>{1,2}\s{0,9}[\w./\\-]{1,80}\.\w{1,5}(?:\s|$)/i,
      /^\s{0,9}(?:ping(?:6|\.exe)?\s{1,9}-[cnwit]\s{0,9}\d|(?:wget|curl)\s{1,9}(?:-\w{1,9}\s{1,9}){0,4}["']?(?:https?|ftp):|uname\s{1,9}-[a-z]|rm\s{1,9}-rf?\s|chmod\s{1,9}(?:\+x|[0-7]{3,4})\s|(?:perl|python[\d.]{0,4}|php|ruby|node|lua)\s{1,9}-[ecr]\s{1,9}['"]|ls\s{1,9}-[a-zA-Z]{1,6}(?:\s{1,9}\/\S{0,80})?\s{0,9}$|netstat\s{1,9}-[a-z]{1,9}\s{0,9}$|ifconfig\s{1,9}-a\s{0,9}$|ipconfig\s{1,9}\/all\s{0,9}$|net\s{1,9}(?:user|view|localgroup|share)\b|(?:whoami|systeminfo|tasklist|sysinfo|uname|printenv)\s{0,9}[;|&\s]\s{0,9}$|(?:sleep|timeout)\s{1,9}\d{1,4}\s{0,9}[;|&]?$|which\s{1,9}(?:nc|netcat|wget|curl|perl|python\d?|gcc|php|ruby|bash|socat|nmap)\s{0,9}$|dir\s{1,9}[a-z]:|type\s{1,9}(?:%\w{1,20}%|[a-z]:)|reg\s{1,9}(?:add|query|delete|save)\s{1,9}["']?HK|expr\s{1,9}\d{1,12}\s{1,9}[-+*]\s{1,9}\d|netsh\s{1,9}\w{1,20}\s|systemctl\s{1,9}(?:stop|start|enable)|(?:useradd|adduser|passwd|crontab|iptables|mkfifo|mknod)\s{1,9}-)/i,
    ],
  },
  {
    sign: /invoke-|iex|new-object|download|start-process|wmi|executionpolicy|frombase64|certutil|bitsadmin|vssadmin|schtasks|mshta|rundll32|regsvr32/i,
    patterns: [
      // The shells of Windows.
      /\b(?:invoke-(?:webrequest|expression|command|restmethod|item|wmimethod|mimikatz)\s|iex\s{0,9}\(|new-object\s{1,9}(?:system\.)?net\.|downloadstring\s{0,9}\(|downloadfile\s{0,9}\(|start-process\s|get-wmiobject\s|set-executionpolicy\s|frombase64string\s{0,9}\(|certutil\s{1,9}-(?:url|dec|enc)|bitsadmin\s{1,9}\/|wmic\s{1,9}(?:process|os|useraccount|\/node)|vssadmin\s{1,9}(?:delete|list)|schtasks\s{1,9}\/|mshta\s{1,9}(?:https?|javascript|vbscript)|rundll32(?:\.exe)?\s{1,9}\S|regsvr32\s{1,9}\/)/i,
    ],
  },
  {
    sign: /\bfor\s{1,9}(?:\/|%)|\bif\s/i,
    patterns: [
      /\bfor\s{1,9}(?:\/[dflr]\s{1,9}(?:["'][^"']{0,80}["']\s{1,9}|[a-z]:\\\S{0,80}\s{1,9})?)?%{1,2}\w{1,20}\s{1,9}in\s{1,9}\(|\bif\s{1,9}(?:\/i\s{1,9})?(?:not\s{1,9})?(?:exist|errorlevel|defined|cmdextversion)\s{1,9}\S{1,80}\s{1,9}(?:\w|\()/i,
    ],
  },
  {
    sign: /os\.|subprocess|__import__|Runtime|ProcessBuilder|child_process|>|process\.|execSync|WScript|Kernel/,
    patterns: [
      /\bos\.(?:system|popen|exec[lv]p?e?|spawn\w{1,3})\s{0,9}\(|\bsubprocess\.(?:run|Popen|call|check_output|check_call|getoutput)\s{0,9}\(|__import__\s{0,9}\(|\bRuntime\.getRuntime\s{0,9}\(|\bnew\s{1,9}ProcessBuilder\b|\brequire\s{0,9}\(\s{0,9}['"](?:node:)?child_process|["']child_process["']|>{1,2}\s{0,9}\/(?:tmp|var|dev|etc)\/|\bprocess\.mainModule\b|\bexecSync\s{0,9}\(|\bWScript\.Shell\b|\bKernel\.(?:exec|system|open)\b/,
    ],
  },
]
