const wordsOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Commands whose name no sentence has: seen behind a separator, they are enough. */
export const unmistakableCommands = wordsOf(`
  whoami uname ifconfig netstat wget curl nslookup ipconfig systeminfo tasklist bash zsh ksh csh tcsh dash ncat socat telnet
  netcat nc sudo chmod chown chroot useradd usermod groupadd passwd python python2 python3 perl ruby php nodejs lua awk gawk sed
  egrep fgrep grep xxd openssl gcc traceroute tracepath crontab busybox mkfifo mknod tftp scp rsync wmic
  certutil bitsadmin mshta regsvr32 rundll32 powershell pwsh cscript wscript schtasks arp ss lsof printenv uptime dmesg
  mysqldump mysql psql tcpdump nmap sqlmap hexdump base64 xargs ls cat pwd ps rm mv cp ln dig ping ping6 tac nl od echo printf
  useradd adduser userdel iptables systemctl reboot ifup sh ash cmd cmd.exe powershell.exe net.exe netsh reg.exe vssadmin icacls
  reg sysinfo zcat gunzip bzip2 strace flock busybox bcdboot regedit diskpart icacls attrib fsutil gcc cc make ipconfig.exe ping.exe
  hostname getent blkid lscpu lsblk stat md5sum sha256sum strace gdb id mkdir rmdir
`)

/** Programs that come with Windows and whose names no sentence has; their switches begin with a slash. */
export const windowsCommands = wordsOf(`
  auditpol bcdboot bitsadmin certreq certutil cmdkey cmstp csvde diskpart diskshadow driverquery dsquery esentutl extrac32 findstr
  forfiles fsutil getmac gpresult gpscript icacls ieexec infdefaultinstall installutil ipconfig klist ldifde makecab mavinject msbuild
  msdt msiexec mshta nbtstat netsh nltest ntdsutil odbcconf pathping pcalua powershell printbrm pubprn pwsh quser qwinsta rasautou
  regasm regedit regsvcs regsvr32 robocopy rpcping rundll32 runscripthelper schtasks scriptrunner setspn sysocmgr systeminfo takeown
  taskkill tasklist tttracer vssadmin wbadmin wevtutil winrm winrs wmic wscript cscript wsl wsreset wuauclt xcopy xwizard cmdl32
`)

/** Commands that are words of English as well: they need an argument that a command has. */
export const commonCommands = wordsOf(`
  find sleep dir type more less head tail sort touch test at date env set kill who man time top cut tee
  join split last watch nice expr exec eval source export read wait nohup finger host mail write look strings file dd df du timeout
  tree locate which whereis diff mount service free users groups history alias net del copy move
  ver vol path start call print rev fold paste uniq shuf seq yes basename dirname pgrep pkill ftp ssh cd tar zip unzip gzip vi vim nano
  ed ex cat id ls rm ps echo ping
`)

/** Commands that say how they are used where nothing follows them, and do nothing: names of fields and of languages are among them. */
export const idleAlone: ReadonlySet<string> = wordsOf(`
  host curl wget ping ping6 nslookup dig nl cp ln mv rm gzip gunzip bzip2 zip unzip chmod chown mkdir rmdir touch scp rsync ssh sed awk gawk
  grep egrep fgrep mysql psql tftp openssl
`)

/** Short commands that tell about a machine, and stand at the end of a value where somebody asks for it. */
export const informants: ReadonlySet<string> = new Set([
  'dir',
  'ver',
  'env',
  'set',
  'id',
  'ps',
  'ls',
  'pwd',
  'df',
  'vol',
])
