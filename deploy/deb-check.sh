#!/usr/bin/env bash
# Installs a Debian package of Klatch on this machine, starts the server with the command line of its systemd unit, joins a
# meeting, upgrades to a newer package, joins again, removes and purges it. The machine is left as it was.
# Usage, as root: deploy/deb-check.sh OLD.deb NEW.deb
set -euo pipefail

[ "$(id -u)" = 0 ] || { echo "deb-check installs packages: run it as root"; exit 1; }
old=$(realpath "$1") new=$(realpath "$2")
dpkg -s klatch >/dev/null 2>&1 && { echo "klatch is installed already: remove it first"; exit 1; }
for path in /etc/klatch /var/lib/klatch /var/lib/private/klatch; do
	[ ! -e "$path" ] || { echo "$path exists: it would be purged"; exit 1; }
done

# A network of its own: the ports of the default configuration may be in use here.
if [ -z "${DEB_CHECK_NETWORK:-}" ]; then
	DEB_CHECK_NETWORK=1 exec unshare --net "$0" "$old" "$new"
fi
ip link set lo up
ip addr add 203.0.113.7/32 dev lo # media takes no loopback address

readonly user=61234 # as DynamicUser takes one, unknown to passwd
log=$(mktemp) server=
clean() {
	status=$?
	[ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true
	dpkg -P klatch >/dev/null 2>&1 || true
	[ $status = 0 ] || { echo "FAILED; the server's log:"; tail -20 "$log"; }
	rm -f "$log"
}
trap clean EXIT
step() { echo "== $*"; }
files() { find /etc /lib/systemd /usr/lib/systemd /usr/bin /usr/share/doc /var/lib -xdev -name '*klatch*' 2>/dev/null | sort; }
unit() { sed -n "s/^$1=//p" /lib/systemd/system/klatch.service; }

# start runs ExecStart as the unit would: another user, no rights but CAP_NET_BIND_SERVICE, the state directory its own.
start() {
	install -d -m "$(unit StateDirectoryMode)" -o "$user" -g "$user" "/var/lib/$(unit StateDirectory)"
	cd "$(unit WorkingDirectory)"
	# shellcheck disable=SC2046 # the words of the command line
	env -i PATH=/usr/bin:/bin setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs \
		--bounding-set -all,+net_bind_service --inh-caps -all,+net_bind_service --ambient-caps -all,+net_bind_service \
		$(unit ExecStart) 2>>"$log" &
	server=$!
	cd /
	for _ in $(seq 300); do
		curl -sf http://127.0.0.1:4000/readyz >/dev/null && return
		kill -0 "$server" 2>/dev/null || { echo "the server ended"; exit 1; }
		sleep 0.1
	done
	echo "the server is not ready: $(curl -s http://127.0.0.1:4000/readyz)"
	exit 1
}
stop() {
	kill -TERM "$server"
	wait "$server" || { echo "SIGTERM: exit code $?"; exit 1; }
	server=
}
join() {
	out=$(klatch join --meeting "$meeting" --token "$token" --publish video,audio --duration 3s --json)
	grep -q '"event":"meeting-joined"' <<<"$out" && grep -q '"event":"meeting-left"' <<<"$out" ||
		{ echo "join: $out"; exit 1; }
}
admin() { KLATCH_ADMIN_TOKEN=$(cat /var/lib/klatch/admin-token) klatch admin --json "$@"; }
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -1; }

before=$(files)
step "install $(basename "$old")"
dpkg -i "$old" >/dev/null
[ "$(dpkg-query -W -f '${Version}' klatch | tr '~' -)" = "$(klatch version)" ] || { echo "klatch version: $(klatch version)"; exit 1; }
if command -v systemd-analyze >/dev/null; then
	systemd-analyze verify /lib/systemd/system/klatch.service
	systemd-analyze security --offline=yes --threshold=25 /lib/systemd/system/klatch.service | tail -1
fi
start
ps -o uid= -p "$server" | grep -qw "$user"
[ "$(stat -c %a /var/lib/klatch)" = 700 ]

step "join"
account=$(admin account create --name check | field id)
key=$(admin key create --account "$account")
export KLATCH_SECRET
KLATCH_SECRET=$(field secret <<<"$key")
token=$(klatch token --api-key "$(field id <<<"$key")" --permissions allow_join)
server_token=$(klatch token --api-key "$(field id <<<"$key")" --permissions allow_join --roles crawler)
meeting=$(curl -sf -X POST -H "Authorization: $server_token" http://127.0.0.1:4000/v2/rooms | field roomId)
join

step "reload"
kill -HUP "$server"
for _ in $(seq 50); do grep -q '"msg":"reloading"' "$log" && break; sleep 0.1; done
grep -q '"msg":"reloading"' "$log"
join

step "upgrade to $(basename "$new")"
printf '# changed by the operator\n' >>/etc/klatch/klatch.yaml
previous=$(klatch version)
dpkg -i "$new" >/dev/null
[ "$(klatch version)" != "$previous" ]
grep -q 'changed by the operator' /etc/klatch/klatch.yaml
stop # the old program, which runs on from memory; systemd restarts it
start
join # the meeting, the key and the token are those of before

step "remove"
stop
dpkg -r klatch >/dev/null 2>&1
[ ! -e /usr/bin/klatch ] && [ ! -e /lib/systemd/system/klatch.service ]
[ -e /etc/klatch/klatch.yaml ] && [ -e /var/lib/klatch/klatch.db ]

step "purge"
dpkg -P klatch >/dev/null 2>&1
diff <(echo "$before") <(files) || { echo "purging left something"; exit 1; }
echo "ok"
