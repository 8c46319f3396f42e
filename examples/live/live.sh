#!/bin/sh
# Puts a meeting on an RTMP server, and takes it off again, by REST alone. It needs curl, and a klatch for the token.
#
#   STREAM_KEY=… live.sh start MEETING rtmp://live.example.com/app
#   live.sh stop MEETING
#
# Somebody must be in the meeting.
set -eu
url=${KLATCH_URL:-http://127.0.0.1:4000}
token=$(klatch token --api-key "$KLATCH_API_KEY" --roles crawler --expires 1m) # KLATCH_SECRET signs it

# Secrets go to curl over its standard input: everybody on the machine sees the arguments of a program.
post() {
  curl --silent --show-error --fail-with-body --config - "$url$1" <<EOF
header = "Authorization: $token"
header = "Content-Type: application/json"
data = "$(printf %s "$2" | sed 's/["\\]/\\&/g')"
EOF
  echo
}

case "${1:-}" in
start) post /v2/livestreams/start "{\"roomId\": \"$2\", \"outputs\": [{\"url\": \"$3\", \"streamKey\": \"$STREAM_KEY\"}]}" ;;
stop) post /v2/livestreams/end "{\"roomId\": \"$2\"}" ;;
*) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
