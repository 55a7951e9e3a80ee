#!/bin/sh
# Which room may include which, and which room may name which outside header. The table is the one of ARCHITECTURE.md:
# arrows point one way, ground floor first.
. "$top_srcdir/tests/lint/tap.sh"
cd "$top_srcdir/src" || exit 1

rooms='
base
text     base
feed     base text
watch    base text
story    base text watch
route    base text
conf     base text watch feed/lang.h feed/opml.h feed/url.h route/hours.h render/template.h
render   base text story watch
sched    base
worker   base text feed watch story
store    base text feed watch story sched
http     base
listen   base
notify   base text story watch render http
daemon   base text feed watch story route conf render sched worker store http listen notify
cli      base text feed watch story route conf render store http'

outside='
xxhash.h   base
unicode/ucnv.h    feed
unicode/ucsdet.h  feed
unicode/   text
libstemmer.h  text
pcre2.h    watch
libxml/    feed
jansson.h  notify cli
sqlite3.h  store
curl/      http
mosquitto.h  notify
nats/      notify
nettle/    notify listen
microhttpd.h  listen
event2/    http listen notify worker daemon cli
cbor.h     worker
seccomp.h  worker
systemd/   notify'

# Prints "file:line: room target" for each include of ours that the table does not allow.
forbidden_rooms() {
	grep -n '^#[ \t]*include[ \t]*"' ./*/*.c ./*/*.h ./*/*.def 2>/dev/null | awk -v table="$rooms" '
		BEGIN {
			n = split(table, lines, "\n")
			for (i = 1; i <= n; i++) {
				m = split(lines[i], words, " ")
				for (k = 2; k <= m; k++)
					allowed[words[1], words[k]] = 1
				known[words[1]] = 1
			}
		}
		{
			split($0, part, "\"")
			target = part[2]
			split($0, place, "/")
			room = place[2]
			to = target
			sub("/.*", "", to)
			if (index(target, "/") == 0)
				print $0 ": say which room the header is in"
			else if (!(room in known))
				print $0 ": " room " stands in no table of rooms"
			else if (room != to && !((room, to) in allowed) && !((room, target) in allowed))
				print $0 ": " room " may not include " to
		}'
}

forbidden_outside() {
	grep -n '^#[ \t]*include[ \t]*<' ./*/*.c ./*/*.h | awk -v table="$outside" '
		BEGIN { n = split(table, lines, "\n") }
		{
			split($0, place, "/")
			room = place[2]
			for (i = 1; i <= n; i++) {
				m = split(lines[i], words, " ")
				if (m == 0 || index($0, "<" words[1]) == 0)
					continue
				good = 0
				for (k = 2; k <= m; k++)
					good = good || words[k] == room
				if (!good)
					print $0 ": only for" substr(lines[i], length(words[1]) + 1)
				break # the first row that fits says it
			}
		}'
}

# The pure rooms see no descriptor, no process, no clock: what they need is handed in.
impure() {
	for room in text feed watch story route sched render; do
		grep -nE '^#[ \t]*include[ \t]*<(unistd|fcntl|time|signal|dirent|netdb|poll|locale|sys/(socket|stat|types|wait|mman|time|random))\.h>' \
			./$room/*.c ./$room/*.h
		grep -nE '\<(clock_wall|clock_boot_ms|clock_cpu_us|getenv|fopen|log_(error|warn|notice|info|debug|write))\(' ./$room/*.c
	done
}

# Only the shell reads clocks and writes the log; a library room hands its errors up.
loud() {
	grep -nE '\<(log_(error|warn|notice|info|debug|write)|exit|abort)\(' \
		./conf/*.c ./store/*.c ./http/*.c ./worker/*.c ./listen/*.c ./notify/*.c | grep -vE '\<_exit\(' |
		grep -vE '^\./(notify/[a-z_]*log[a-z_]*|worker/[a-z_]*(child|main)[a-z_]*)\.c:'
}

tap_none 'every room includes only what the table allows' "$(forbidden_rooms)"
tap_none 'an outside header is named only in the room that owns it' "$(forbidden_outside)"
tap_none 'nobody includes the daemon' "$(grep -n '#[ \t]*include[ \t]*"daemon/' ./*/*.c ./*/*.h | grep -v '^\./daemon/')"
tap_none 'pure rooms touch no descriptor, clock, environment or log' "$(impure 2>/dev/null)"
tap_none 'library rooms neither log nor exit' "$(loud 2>/dev/null)"
tap_done
