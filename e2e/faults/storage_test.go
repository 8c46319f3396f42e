package faults

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/e2e/house"
	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob/s3test"
)

var recording = carriers[0]

// storageScenarios are files that cannot be kept, or cannot be given.
var storageScenarios = scenarios{
	"4105.LINK": func(t *T) {
		t.outside()
		link := t.recorded().File.FileURL
		status, _ := t.House.REST(t, "", http.MethodGet, strings.TrimPrefix(link, t.House.URL), nil)
		require.Equal(t, http.StatusOK, status)
		for _, bad := range []string{
			link + "x", strings.Replace(link, "/kept/", "/local/", 1), strings.Replace(link, "/kept/", "/other/", 1),
			strings.Replace(link, "/files/", "/files/9", 1), t.House.URL + "/files/", t.House.URL + "/files/1.x/kept/%2e%2e%2fsecret-key",
		} {
			t.rest("", http.MethodGet, strings.TrimPrefix(bad, t.House.URL), nil)
		}
	},
	"4108.FILE": func(t *T) {
		t.outside()
		file := t.recorded().File
		require.NoError(t, os.Remove(filepath.Join(t.House.Dir, "files", file.Path)))
		t.rest("", http.MethodGet, strings.TrimPrefix(file.FileURL, t.House.URL), nil)
	},
	"4108.JOB": func(t *T) {
		token := t.Account().Token(t)
		for _, k := range carriers {
			t.rest(token, http.MethodGet, k.path+"/nosuch", nil)
			t.rest(token, http.MethodDelete, k.path+"/nosuch", nil)
		}
		t.outside()
		t.account = nil
		mine := t.recorded().ID
		t.account = nil // another's
		t.rest(t.Account().Token(t), http.MethodGet, recording.path+"/"+mine, nil)
	},
	"5001.UPLOAD_FAILED": func(t *T) {
		refusing := httptest.NewServer(http.HandlerFunc(forbidden))
		defer refusing.Close()
		t.alone("storage.s3Endpoint", refusing.URL, "storage.s3Bucket", "recordings", "storage.s3AccessKey", "nobody", "storage.s3SecretKey", "planted-secret-of-nobody")
		t.secret("planted-secret-of-nobody")
		r := t.recorded()
		require.NotNil(t, r.File, "the file stays on the server's disk")
		status, _ := t.House.REST(t, "", http.MethodGet, strings.TrimPrefix(r.File.FileURL, t.House.URL), nil)
		require.Equal(t, http.StatusOK, status)
		t.inTimeline()
	},
	"5101.STORAGE": func(t *T) {
		bucket := s3test.Start(t)
		target, err := url.Parse(bucket.Endpoint)
		require.NoError(t, err)
		var refuses atomic.Bool
		proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host }}
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if refuses.Load() { // the rights of the key were taken away
				forbidden(w, r)
				return
			}
			proxy.ServeHTTP(w, r)
		}))
		defer front.Close()
		t.alone("storage.s3Endpoint", front.URL, "storage.s3Bucket", bucket.Name, "storage.s3AccessKey", bucket.AccessKey, "storage.s3SecretKey", bucket.SecretKey)
		t.secret(bucket.SecretKey)
		r := t.recorded()
		refuses.Store(true)
		t.rest(t.Account().Token(t), http.MethodDelete, recording.path+"/"+r.ID, nil)
		refuses.Store(false)
		status, answer := t.House.REST(t, t.Account().Token(t), http.MethodDelete, recording.path+"/"+r.ID, nil) // again, as the remedy says
		require.Equal(t, http.StatusOK, status, string(answer))
	},
}

// forbidden answers as S3 does when a key may not.
func forbidden(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(http.StatusForbidden)
	_ = xml.NewEncoder(w).Encode(struct { // the client may be gone
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
	}{Code: "AccessDenied", Message: "Access Denied"})
}

// recorded makes a recording.
func (t *T) recorded() jobRecord {
	t.Helper()
	s := t.stage(recording)
	s.start()
	require.Nil(t, s.halt())
	r := s.over("STOPPED")
	require.NotNil(t, r.File)
	return r
}

// timeline gives the faults of this scenario's reason that the admin console shows.
func (t *T) timeline() []*fault.Error {
	t.Helper()
	status, answer := t.House.Admin(t, http.MethodGet, "/admin/v1/faults?code="+strconv.Itoa(t.Entry.Code)+"&reason="+t.Entry.Reason+"&perPage=100", nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	var page struct{ Data []*fault.Error }
	require.NoError(t, json.Unmarshal(answer, &page))
	var found []*fault.Error
	for _, f := range page.Data {
		if f.Code == t.Entry.Code && f.Reason == t.Entry.Reason {
			found = append(found, f)
		}
	}
	return found
}

// inTimeline reads a fault that only the operator hears of.
func (t *T) inTimeline() *fault.Error {
	t.Helper()
	var found []*fault.Error
	require.Eventually(t, func() bool { found = t.timeline(); return len(found) > 0 }, 2*house.Patience, 50*time.Millisecond, "the console does not show %s", t.Entry.Key())
	t.Read(found[0])
	return found[0]
}
