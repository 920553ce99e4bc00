const slash = String.raw`[/\\]{1,4}`

// What programs are configured to mount there themselves is left alone: containers' configuration, certificates, tables, the time zone.
const underEtc =
  '(?!config(?:s|[/\\\\]|$)|configmap|secrets?(?:[/\\\\]|$)|certs?(?:[/\\\\]|$)|ssl/certs|pki/tls/certs|localtime|timezone|(?:UTC|UCT|GMT|Greenwich|Universal|Zulu)(?![a-z])|(?:[\\w-]{1,40}[/\\\\]){1,4}[\\w.-]{1,60}\\.(?:csv|tsv|mmdb|crt|cer)(?![\\w.%:;?#/\\\\]))[\\w.-]'

/** A file or folder that tells about a machine or a program's secrets, wherever a path leads to it. */
export const serverFile = String.raw`(?:etc${slash}(?:${underEtc})|proc${slash}(?:self|version|cpuinfo|meminfo|net|sys|\d+|cmdline|mounts|environ|partitions|interrupts|devices|config|sched_debug|modules|stat\b)|(?:windows|winnt)${slash}(?:win\.ini|system|repair|php\.ini|my\.ini|debug|panther|explorer|notepad|regedit)|(?:win|boot|system|php|my)\.ini(?![\w])|web-inf${slash}|meta-inf${slash}|web\.config|wp-config\.php|\.htpasswd|\.htaccess|\.ssh${slash}|id_(?:rsa|dsa|ecdsa|ed25519)\b|\.git${slash}(?:config|head|index|logs)|\.env(?![\w])|\.aws${slash}|\.(?:bash|mysql|psql|zsh)_history|\.svn${slash}|\.ds_store|\.npmrc|\.netrc|\.pgpass|\.docker${slash}|\.kube${slash}|(?:usr${slash})?(?:local${slash})(?:etc|apache\d?|cpanel|php\d?|nginx|tomcat\d?)${slash}|usr${slash}(?:etc|pkgsrc|ports|lib${slash}(?:security|cron))${slash}|opt${slash}[lx]amp|private${slash}etc|boot${slash}grub|run${slash}secrets${slash}kubernetes|sys${slash}(?:class|kernel|firmware)${slash}|var${slash}(?:adm(?![\w])|log|run|mail|spool|www${slash}(?:conf|logs)|lib${slash}(?:mysql|php|pgsql|docker|mlocate|plocate|dpkg|kubelet))${slash}|applicationhost\.config|appsettings\.json|httpd\.conf|global\.asa|tomcat-users\.xml|settings\.py\b|database\.yml|secrets\.yml|(?:access|error)[._]log)`

const drives = String.raw`(?:windows|winnt|boot\.ini|autoexec\.bat|config\.sys|inetpub|users${slash}(?:administrator|public|default)|documents and settings|program ?files[^/\\]{0,9}${slash}(?:apache|mysql|xampp|php|filezilla|microsoft sql)|progra~\d|system32|system volume information|sysprep|unattend|apache|xampp|wamp|php\d?|mysql|nginx|appserv|mssql)`

/** Whole values that name such a place without climbing to it, and the schemes of libraries that read where they should not. */
export const sensitivePlaces: readonly RegExp[] = [
  new RegExp(
    String.raw`^(?:~|file:(?:///?)?(?:localhost)?|[a-z]:|${slash}[a-z]:)?(?:${slash}\.?){0,8}${serverFile}[^\s]{0,500}\s{0,9}$`,
    'i',
  ),
  new RegExp(
    String.raw`^(?:${slash})?(?:[a-z]:${slash}|(?=prog|xampp|appserv))${drives}(?:${slash}[^\s].{0,500})?\s{0,9}$`,
    'i',
  ),
  /^[^\s?]{0,200}[/\\](?:access|error|acces)[._-]logs?$|^[^\s?]{0,200}[/\\](?:php\.ini|(?:httpd|apache2?|nginx|lighttpd|vsftpd|proftpd|sshd_config|my)\.(?:conf|cnf|ini))$/i,
  // The one file that every Unix has, behind whatever somebody takes for a slash.
  /^[^\s]{0,2000}etc(?:[/\\?:;\x80-\xff]|%[\da-z]{2}|%u\w{4}|0x(?:2f|5c)|2f|5c){1,8}(?:passwd|shadow|master\.passwd)(?![a-z])/i,
  /^[./\\]{1,200}(?:etc|windows|winnt|boot|web-inf)[/\\]?(?:passwd|shadow|win\.ini|web\.xml|\.ini)/i,
  /[=|:]\/{1,3}etc\/(?:passwd|shadow|hosts)\b|^\/?etc\/(?:passwd|shadow)\b|^\/root\/\./i,
  /[?&]\w{1,30}=(?:php:|file:|zip:|phar:|expect:|data:\w|glob:|ogg:|\.\.\/|\/(?:etc|var\/log|proc\/self)\/)/i,
  /^\\\\[\w.:[\]-]{1,255}\\[\w$]/,
  // Devices and streams of Windows, sessions of PHP, what shells read when somebody logs in.
  /^[\\/]{2}[?.][\\/](?:[a-z]:|unc|globalroot)|^[^\s]{0,400}::\$(?:data|index_allocation)$|(?:^|[/\\])(?:tmp|sessions?|php\d?)[/\\]sess_\w|^\/(?:home|root|users)\/[\w./-]{0,80}\.(?:bashrc|bash_profile|profile|zshrc|viminfo|gitconfig|mysql_history)$/i,
  // Keys that a user has at home.
  /^[\w.~/\\:%-]{0,200}[/\\]\.(?:ssh|aws|kube|docker|gnupg)[/\\][\w.-]{1,60}$/i,
  // At the end of any path: files that hold a server's secrets and that no user of it keeps.
  /^[\w.~/\\:%-]{0,200}[/\\](?:web\.config|(?:win|boot)\.ini|etc[/\\](?:passwd|shadow)|web-inf[/\\][\w./\\-]{1,100}|\.htpasswd|\.bash_history|id_rsa)$/i,
  // What sites and programs are set up with, by the whole way to it.
  /^\/(?:[\w.-]{1,60}\/){1,8}\.env(?:\.\w{2,12})?$|^\/(?:var\/www|srv\/(?:www|http)|usr\/share\/nginx|home\/\w{1,40}\/public_html|opt\/lampp)\/[\w./-]{0,160}\.(?:php|conf|ini|ya?ml|sql|bak|log|xml|inc)$/i,
  // What programs of Windows are set up with.
  /^(?:[a-z]:)?[/\\]{1,2}(?:program ?files[^/\\]{0,9}|programdata|users|windows|inetpub)[/\\][^\r\n]{1,200}\.(?:ini|conf|cnf|config|properties|log|xml|ya?ml|sql|bak|pem|key|dat)(?:%00|\0)?$/i,
  /^(?:php:\/\/(?:filter|input|fd|memory|temp|stdin)|(?:expect|phar|zip|glob|ogg|rar|ssh2|zlib|data|compress\.\w{2,6}):\/\/|file:\/{1,3}[^\s]|netdoc:|jar:(?:https?|file))/i,
]

/** What every such place has in it; most values have none of it. */
export const maySayPlace =
  /secrets|sys[/\\]|www[/\\]|srv[/\\]|passw|shadow|etc[/\\%?]|proc[/\\]|win|boot|\.ini|\.conf|\.cnf|inf[/\\]|config|\.ht|\.ssh|id_|\.git|\.env|\.aws|history|\.svn|ds_store|rc(?![a-z])|\.pgpass|\.docker|\.kube|var[/\\]|usr[/\\]|opt[/\\]|adm|acces|error|\.log|settings|\.yml|\.asa|users\.xml|^[/\\]?[a-z]:|prog|users[/\\]|inetpub|xampp|appserv|^\\\\|root|home[/\\]|users[/\\]|sess_|::|^[\\/]{2}[?.]|[?&]\w{1,30}=|^(?:php|expect|phar|zip|glob|ogg|rar|ssh2|zlib|data|compress\.\w{2,6}|file|netdoc|jar):/i
