package hls

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
)

// Links makes the addresses of streams, and lets requests through to them. With a life they are signed and end:
//
//	/EXPIRES.FIRST.SIGNATURE/ID/live.m3u8
//
// The signature is a part of the path, so that what a playlist names relative to itself is reached with the same one. A
// player that plays on gets the next one from the same place, under the name "link", until Longest after its first: who
// may watch may watch to the end, and an address that was passed on ends. Safe for concurrent use.
type Links struct {
	Life    time.Duration // 0: addresses are not signed and do not end
	Longest time.Duration // after the first signature: how long it can be renewed
	key     []byte
	now     func() time.Time
}

// NewLinks signs with a key.
func NewLinks(key []byte, life, longest time.Duration) *Links {
	sum := hmac.New(sha256.New, key) // a key of its own, whatever else that key is used for
	_, _ = sum.Write([]byte("klatch hls links"))
	return &Links{Life: life, Longest: max(life, longest), key: sum.Sum(nil), now: time.Now}
}

// signedPath is a signed address below the root; group 1 is the signature, 5 what it is for.
var signedPath = regexp.MustCompile(
	`^/?(([0-9]{1,12})\.([0-9]{1,12})\.([A-Za-z0-9_-]{43}))/(([A-Za-z0-9_-]{1,128})/[^/]*)$`,
)

// Path is where a file of a stream is served, below the root, from now on.
func (l *Links) Path(id, file string) string {
	if l.Life == 0 {
		return id + "/" + file
	}
	return l.signature(id, l.now().Truncate(l.step()).Unix()) + "/" + id + "/" + file
}

// step is to what times are rounded, so that viewers who come at about the same time have one address, and a cache in
// front of the server one copy.
func (l *Links) step() time.Duration { return max(l.Life/4, time.Second) }

func (l *Links) signature(id string, first int64) string {
	step := l.step()
	expires := l.now().Truncate(step).Add(step + l.Life).Unix()
	expires = min(expires, first+int64((step+l.Longest)/time.Second))
	terms := strconv.FormatInt(expires, 10) + "." + strconv.FormatInt(first, 10)
	return terms + "." + l.sign(id, terms)
}

func (l *Links) sign(id, terms string) string {
	sum := hmac.New(sha256.New, l.key)
	_, _ = sum.Write([]byte(terms + "\n" + id))
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}

// Handler lets requests through to next, without their signature, and hands others to refuse with what is wrong.
func (l *Links) Handler(
	next http.Handler,
	refuse func(w http.ResponseWriter, r *http.Request, problem string),
) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parts := signedPath.FindStringSubmatch(r.URL.Path)
		if parts == nil && l.Life == 0 || r.Method == http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if parts == nil {
			refuse(w, r, "it has no signature")
			return
		}
		signature, id, path := parts[4], parts[6], parts[5]
		expires, _ := strconv.ParseInt(parts[2], 10, 64) // twelve digits at most
		first, _ := strconv.ParseInt(parts[3], 10, 64)
		if l.Life > 0 {
			switch {
			case !hmac.Equal([]byte(signature), []byte(l.sign(id, parts[2]+"."+parts[3]))):
				refuse(w, r, "its signature does not hold")
				return
			case l.now().Unix() >= expires:
				refuse(w, r, "it expired at "+fault.InstantOf(time.Unix(expires, 0)).String())
				return
			}
		}
		if strings.HasSuffix(path, "/link") {
			l.renew(w, id, first)
			return
		}
		inner := *r
		address := *r.URL
		address.Path, address.RawPath = "/"+path, ""
		inner.URL = &address
		next.ServeHTTP(w, &inner)
	})
}

// renewal is what a player gets that plays on.
type renewal struct {
	Signature string `json:"signature"` // takes the place of the one it has
	ExpiresAt string `json:"expiresAt"`
}

func (l *Links) renew(w http.ResponseWriter, id string, first int64) {
	next := renewal{}
	if l.Life > 0 {
		next.Signature = l.signature(id, first)
		expires, _ := strconv.ParseInt(next.Signature[:strings.IndexByte(next.Signature, '.')], 10, 64)
		next.ExpiresAt = fault.InstantOf(time.Unix(expires, 0)).String()
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(next) // the client is gone, or has it
}

// Fresh signs an address of this server anew, whichever signature it has; what is none stays as it is.
func (l *Links) Fresh(address, root string) string {
	at := strings.LastIndex(address, root)
	if at < 0 {
		return address
	}
	base, path := address[:at+len(root)], address[at+len(root):]
	if parts := signedPath.FindStringSubmatch(path); parts != nil {
		path = parts[5]
	}
	id, file, ok := strings.Cut(path, "/")
	if !ok {
		return address
	}
	return base + l.Path(id, file)
}
