package watermark

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func encoded(t testing.TB, width, height int) []byte {
	t.Helper()
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			p.SetNRGBA(x, y, color.NRGBA{R: 200, G: 20, B: 20, A: 255})
		}
	}
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, p))
	return out.Bytes()
}

// aWebP is a lossless WebP of one pixel.
var aWebP, _ = base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")

// claims is a PNG whose header claims another size than it has.
func claims(t testing.TB, width, height uint32) []byte {
	data := encoded(t, 1, 1)
	binary.BigEndian.PutUint32(data[16:], width)
	binary.BigEndian.PutUint32(data[20:], height)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestFit(t *testing.T) {
	t.Parallel()
	var asJPEG bytes.Buffer
	require.NoError(t, jpeg.Encode(&asJPEG, image.NewGray(image.Rect(0, 0, 30, 60)), nil))
	for _, c := range []struct {
		name   string
		data   []byte
		width  int
		height int
	}{
		{"smaller", encoded(t, 40, 20), 120, 60},
		{"larger", encoded(t, 1000, 500), 120, 60},
		{"flat", encoded(t, 2000, 1), 120, 2},
		{"a pixel", encoded(t, 1, 1), 120, 120},
		{"JPEG", asJPEG.Bytes(), 60, 120},
		{"WebP", aWebP, 120, 120},
	} {
		small, err := Fit(c.data, 120)
		require.NoError(t, err, c.name)
		got, err := png.DecodeConfig(bytes.NewReader(small))
		require.NoError(t, err, c.name)
		require.Equal(t, [2]int{c.width, c.height}, [2]int{got.Width, got.Height}, c.name)
	}
}

func TestHostileImages(t *testing.T) {
	t.Parallel()
	var animated bytes.Buffer
	require.NoError(t, gif.Encode(&animated, image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black}), nil))
	whole := encoded(t, 50, 50)
	for _, c := range []struct {
		name    string
		data    []byte
		problem string
		late    bool // the header says nothing of it
	}{
		{"nothing", nil, "neither PNG, JPEG nor WebP", false},
		{"text", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "neither PNG, JPEG nor WebP", false},
		{"GIF", animated.Bytes(), "neither PNG, JPEG nor WebP", false},
		{"a begin", []byte("\x89PNG\r\n\x1a\n"), "broken PNG", false},
		{"a begin of JPEG", []byte("\xff\xd8\xff\xe0"), "broken JPEG", false},
		{"a begin of WebP", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), "broken WebP", false},
		{"pixels", claims(t, 3000, 3000), "3000 x 3000 pixels", false},
		{"more pixels than an int32 holds", claims(t, 1<<30, 1<<30), "broken PNG", false},
		{"no height", claims(t, 10, 0), "broken PNG", false},
		{"bytes", append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, MaxBytes)...), "more than 1048576 bytes", false},
		{"cut", whole[:len(whole)/2], "broken PNG", true},
		{"another size", claims(t, 2000, 2000), "broken PNG", true},
	} {
		require.Equal(t, c.late, Check(c.data) == nil, c.name)
		_, err := Fit(c.data, 120)
		var wrong *ImageError
		require.ErrorAs(t, err, &wrong, c.name)
		require.Contains(t, wrong.Problem, c.problem, c.name)
	}
}

func FuzzFit(f *testing.F) {
	f.Add(encoded(f, 3, 5))
	f.Add(aWebP)
	f.Add([]byte("\xff\xd8\xff\xe0\x00\x10JFIF"))
	f.Fuzz(func(t *testing.T, data []byte) {
		small, err := Fit(data, 80)
		if err != nil {
			return
		}
		size, err := png.DecodeConfig(bytes.NewReader(small))
		require.NoError(t, err)
		require.Equal(t, 80, max(size.Width, size.Height))
	})
}

func TestURLProblem(t *testing.T) {
	t.Parallel()
	for address, problem := range map[string]string{
		"https://example.org/logo.png":    "",
		"http://example.org/logo.png":     "https",
		"ftp://example.org/logo.png":      "https",
		"file:///etc/passwd":              "https",
		"data:image/png;base64,AAAA":      "https",
		"/logo.png":                       "https",
		"https://":                        "host",
		"https://ann:pw@example.org/a":    "password",
		"https://example.org/a\x00b":      "URL",
		"https://[::1/":                   "URL",
		"https://example.org:443/a.webp?": "",
	} {
		require.Contains(t, URLProblem(address, false), problem, address)
		require.Equal(t, problem == "", URLProblem(address, false) == "", address)
	}
	require.Empty(t, URLProblem("http://10.0.0.1/logo.png", true))
}

func TestFetch(t *testing.T) {
	t.Parallel()
	logo := encoded(t, 10, 10)
	hanging := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/logo", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(logo) })
	mux.HandleFunc("/missing", http.NotFound)
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/logo", http.StatusFound)
	})
	mux.HandleFunc("/around", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/around", http.StatusFound)
	})
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "ftp://example.org/logo", http.StatusFound)
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
		for part := bytes.Repeat(logo, 100); ; {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10000000")
		_, _ = w.Write(logo)
	})
	mux.HandleFunc("/hanging", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hanging:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5000")
		_, _ = w.Write(logo)
		panic(http.ErrAbortHandler)
	})
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(hanging) })
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	fetcher := newFetcher(true, roots)
	for path, problem := range map[string]string{
		"/logo": "", "/moved": "", "/missing": "status 404", "/around": "more than 3 redirects",
		"/away": "redirects to an address that is not an https address", "/endless": "more than 1048576 bytes",
		"/long": "more than 1048576 bytes", "/cut": "connection",
	} {
		data, err := fetcher.Fetch(t.Context(), server.URL+path)
		if problem == "" {
			require.NoError(t, err, path)
			require.Equal(t, logo, data, path)
			continue
		}
		var wrong *ImageError
		require.ErrorAs(t, err, &wrong, path)
		require.Contains(t, wrong.Problem, problem, path)
	}

	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := fetcher.Fetch(short, server.URL+"/hanging")
	require.ErrorContains(t, err, "was not there within")

	_, err = NewFetcher(true).Fetch(t.Context(), server.URL+"/logo")
	require.ErrorContains(t, err, "certificate")
	_, err = newFetcher(false, roots).Fetch(t.Context(), server.URL+"/logo")
	require.ErrorContains(t, err, "not of the public internet")
	_, err = newFetcher(false, roots).Fetch(t.Context(), strings.Replace(server.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1))
	require.ErrorContains(t, err, "not of the public internet")
	server.Close()
	_, err = fetcher.Fetch(t.Context(), server.URL+"/logo")
	require.ErrorContains(t, err, "refused the connection")
}
