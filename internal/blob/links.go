package blob

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/objectkey"
)

// LinkPath is where the server mounts the handler of links.
const LinkPath = "/files/"

// Links makes and answers links to files that the server hands out itself:
//
//	/files/EXPIRES.SIGNATURE/AREA/KEY
//
// The signature stands for one file; for a playlist it stands for its directory, so that the segments it names relative
// to itself are reached with the same link. Nothing lists a directory. Safe for concurrent use once every area is set.
type Links struct {
	key    []byte
	base   func() string
	refuse func(w http.ResponseWriter, r *http.Request, err error)
	areas  map[string]Store
	now    func() time.Time
}

// NewLinks signs with that key. base is the public address of the server; refuse answers with a *fault.Error.
func NewLinks(key []byte, base func() string, refuse func(w http.ResponseWriter, r *http.Request, err error)) *Links {
	sum := hmac.New(sha256.New, key) // a key of its own, whatever else the server's key is used for
	_, _ = sum.Write([]byte("klatch file links"))
	return &Links{key: sum.Sum(nil), base: base, refuse: refuse, areas: map[string]Store{}, now: time.Now}
}

// Serve lets links of an area reach a store.
func (l *Links) Serve(area string, s Store) { l.areas[area] = s }

// For returns the function that makes links to an area.
func (l *Links) For(area string) func(key string, expires time.Time) string {
	return func(key string, expires time.Time) string {
		scope := area + "/" + key
		if isPlaylist(key) {
			scope = path.Dir(scope) + "/"
		}
		until := strconv.FormatInt(expires.Unix(), 10)
		return l.base() + LinkPath + until + "." + l.sign(
			scope,
			until,
		) + "/" + (&url.URL{Path: area + "/" + key}).EscapedPath()
	}
}

func (l *Links) sign(scope, until string) string {
	sum := hmac.New(sha256.New, l.key)
	_, _ = sum.Write([]byte(until + "\n" + scope))
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}

// ServeHTTP answers GET and HEAD of a link. A link is all that is asked for: no token, no cookie, any origin.
func (l *Links) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "Content-Length, Content-Range")
	header.Set("Cache-Control", "private, no-store")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		header.Set("Access-Control-Allow-Methods", "GET, HEAD")
		header.Set("Access-Control-Allow-Headers", "Range")
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		l.refuse(
			w,
			r,
			fault.InvalidMessageMethodNotAllowed(r.Method, LinkPath, []string{http.MethodGet, http.MethodHead}),
		)
		return
	}
	store, key, err := l.open(r.URL.Path)
	var info Info
	if err == nil {
		info, err = store.Stat(r.Context(), key)
	}
	if err != nil {
		l.refuse(w, r, readFault(err, path.Base(key)))
		return
	}
	name := path.Base(key)
	header.Set("Content-Type", ContentType(name))
	header.Set("X-Content-Type-Options", "nosniff")
	if !isPlaylist(name) {
		header.Set("Content-Disposition", Disposition(name))
	}
	file := &seeker{ctx: r.Context(), store: store, info: info}
	defer file.Close()
	http.ServeContent(w, r, name, info.Modified, file)
}

// open judges a link. The signature is compared before anything is said about the file.
func (l *Links) open(asked string) (Store, string, error) {
	rest, _ := strings.CutPrefix(asked, LinkPath)
	token, scope, _ := strings.Cut(rest, "/")
	until, signature, _ := strings.Cut(token, ".")
	area, key, _ := strings.Cut(scope, "/")
	store := l.areas[area]
	if store == nil || objectkey.Check(key) != nil {
		return nil, "", fault.NotPermittedLink("it is not one that this server has made")
	}
	whole := hmac.Equal([]byte(signature), []byte(l.sign(scope, until)))
	dir := hmac.Equal([]byte(signature), []byte(l.sign(path.Dir(scope)+"/", until)))
	expires, err := strconv.ParseInt(until, 10, 64)
	switch {
	case err != nil || !whole && !dir:
		return nil, "", fault.NotPermittedLink("its signature does not hold")
	case l.now().Unix() >= expires:
		return nil, "", fault.NotPermittedLink("it expired at " + fault.InstantOf(time.Unix(expires, 0)).String())
	}
	return store, key, nil
}

func readFault(err error, name string) error {
	if errors.Is(err, ErrNotExist) {
		return fault.NotFoundFile(name).Because(err)
	}
	if failed, ok := errors.AsType[*Error](err); ok {
		return fault.ServerUnavailableStorage(failed.Op, failed.Problem).Because(err)
	}
	return err
}

// seeker reads a kept file as http.ServeContent wants it: nothing is opened before the first byte is read.
type seeker struct {
	ctx   context.Context // of the request
	store Store
	info  Info
	at    int64
	body  io.ReadCloser // nil: not open
}

func (s *seeker) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += s.at
	case io.SeekEnd:
		offset += s.info.Size
	}
	if offset < 0 {
		return 0, fmt.Errorf("seek to %d", offset)
	}
	if offset != s.at {
		_ = s.Close() // was only read
		s.at = offset
	}
	return offset, nil
}

func (s *seeker) Read(p []byte) (int, error) {
	if s.at >= s.info.Size {
		return 0, io.EOF
	}
	if s.body == nil {
		body, err := s.store.Open(s.ctx, s.info.Key, s.at, -1)
		if err != nil {
			return 0, err
		}
		s.body = body
	}
	n, err := s.body.Read(p)
	s.at += int64(n)
	return n, err
}

func (s *seeker) Close() error {
	if s.body == nil {
		return nil
	}
	body := s.body
	s.body = nil
	return body.Close()
}
