# A stand-in for Oracle's dgmgrl: it replays dialogues, and is used in tests, trials and the lab only.
#
# In: commands on standard input; a folder with `dialogues.txt`, `state`, and if there are any `mood`, `password`.
# Out: the answers of the dialogue in that state; `state` and `log` in the folder. It knows nothing of Oracle.
#
# A dialogue is text: `@state NAME`, `@member NAME` (the database that is logged in to), `> COMMAND` with its answer
# below it. `> COMMAND => NAME` goes on to another state, `> COMMAND [MOOD]` is the answer in that mood.

function word(name,    line) {
  line = ""
  if ((getline line < (folder "/" name)) < 0) line = ""
  close(folder "/" name)
  return line
}

function keep(name, text) { print text > (folder "/" name); close(folder "/" name) }

function note(text) { print member "\t" text >> (folder "/log"); close(folder "/log") }

function load(    line, here, who, key, arrow, mark) {
  while ((getline line < (folder "/dialogues.txt")) > 0) {
    if (line ~ /^@state /) { here = substr(line, 8); continue }
    if (line ~ /^@member /) { who = substr(line, 9); continue }
    if (line ~ /^[#@]/) { key = ""; continue }
    if (line ~ /^> /) {
      line = substr(line, 3)
      arrow = index(line, " => ")
      mark = arrow ? substr(line, arrow + 4) : ""
      if (arrow) line = substr(line, 1, arrow - 1)
      key = here SUBSEP who SUBSEP line
      says[key] = ""; then[key] = mark; known[key] = 1
      continue
    }
    if (key != "") says[key] = says[key] line "\n"
  }
  close(folder "/dialogues.txt")
}

function answer(command,    key, moody) {
  key = state SUBSEP member SUBSEP command
  moody = key " [" mood "]"
  return (mood != "" && (moody in known)) ? moody : ((key in known) ? key : "")
}

# The name in "CONNECT USER/"PASSWORD"@NAME": a password may hold an @ itself.
function connect(line,    place, given, secret) {
  place = match(line, /@[^@]*$/)
  member = substr(line, place + 1)
  given = substr(line, 9, place - 9)
  secret = word("password")
  if (mood == "locked" || (secret != "" && given !~ /^\/$/ && substr(given, index(given, "/") + 1) != "\"" secret "\""))
    { printf "ORA-01017: invalid username/password; logon denied\n\n"; member = ""; return }
  given = answer("CONNECT")
  if (given == "") { printf "ORA-12154: TNS:could not resolve the connect identifier specified\n\n"; member = ""; return }
  printf "%s", says[given]
  if (says[given] !~ /Connected/) member = ""
}

BEGIN {
  load()
  state = word("state"); mood = word("mood")
  if (mood == "silent") { system("exec sleep 60"); exit 1 }
  printf "%s\n", banner
  while ((getline line) > 0) {
    sub(/;[ \t]*$/, "", line)
    printf "DGMGRL> "
    if (line ~ /^CONNECT /) { connect(line); continue }
    if (line == "EXIT") break
    if (member == "") { printf "Not logged on\n"; continue }
    if (line ~ /^(SWITCHOVER|FAILOVER|REINSTATE)/) {
      note(line)
      if (mood == "lost") { system("exec sleep 60"); exit 1 }
    }
    found = answer(line)
    if (found == "") { printf "ORA-16596: member not part of the Oracle Data Guard broker configuration\n\n"; continue }
    if (then[found] != "") { state = then[found]; keep("state", state) }
    if (mood == "late" && then[found] != "") { system("exec sleep 60"); exit 1 }
    if (mood == "cut" && then[found] != "") { printf "%s", substr(says[found], 1, 60); fflush(); system("kill -9 $PPID"); exit 1 }
    printf "%s", says[found]
  }
}
