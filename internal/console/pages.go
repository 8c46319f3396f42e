// Package console serves the web pages that are built into the binary: the meeting page, the page that plays HLS, the
// console, the browser SDK and the start page. The files are made from web/ by `make web` and committed, so that Go
// alone builds the server. Pages use the public SDK and REST only; nothing here knows a meeting.
package console

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed all:dist
var files embed.FS

// csp lets a page load only what this server serves, and connect to this server; blob: is for camera images
// and recorded media. Inline scripts and styles are refused.
const csp = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; " +
	"media-src 'self' blob: mediastream:; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors *"

// meetCSP also lets the meeting page compile WebAssembly: what changes the background of pictures and suppresses noise
// is files of this server too.
const meetCSP = "script-src 'self' 'wasm-unsafe-eval'; " + csp

// consoleCSP is stricter: the console has a cookie, so no other page may frame it, and it opens no WebSocket.
const consoleCSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; " +
	"connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Handler serves
//
//	/                  the start page
//	/meet/ID           the meeting page, for every ID
//	/watch/ID          the page that plays the HLS of that ID
//	/console/…         the console, for every path: each of its views has an address
//	/api/              the OpenAPI document to read, with a form for each call
//	/test/             the page that tests devices and network before a call
//	/docs/assets/…     what the pages of the documentation load, which docs serves
//	/sdk/klatch.js     the browser SDK
//	/sdk/klatch-prebuilt.js  puts the meeting page into other pages
//	/sdk/videosdk.js   the same file under the published name, also as /js-sdk/VERSION/videosdk.js
//	/sdk/precall.mjs   what the SDK loads for a pre-call test, also beside the published address
//
// and the files they load. Other paths are left to next.
func Handler(next http.Handler) http.Handler {
	dist := Built()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := r.URL.EscapedPath() // as it came: an escaped slash is part of an id
		name, ok := locate(dist, asked)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		if to, ok := canonical(asked); ok {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusPermanentRedirect)
			return
		}
		serve(w, r, dist, name, asked)
	})
}

// Built returns the files of the pages as they were built, a folder for each: docs fills in the frame of its pages.
func Built() fs.FS {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return dist
}

// script is the browser SDK for pages without a bundler.
const script = "sdk/klatch.js"

// apps are the pages that take an ID in their path: /meet/ID.
var apps = []string{"meet", "watch"}

// consoleApp is the page that has views, each with a path of its own: /console/faults/ID.
const consoleApp = "console"

// locate finds the file behind a path.
func locate(dist fs.FS, urlPath string) (string, bool) {
	clean := strings.TrimPrefix(path.Clean(urlPath), "/")
	if clean == "" || clean == "." {
		return "home/index.html", true
	}
	first, rest, deeper := strings.Cut(clean, "/")
	switch {
	case clean == "sdk/videosdk.js":
		return script, true
	case first == "js-sdk": // the published address is /js-sdk/VERSION/videosdk.js, whatever the version
		version, file, _ := strings.Cut(rest, "/")
		if file == "precall.mjs" {
			return "sdk/" + file, version != "" && isFile(dist, "sdk/"+file)
		}
		return script, version != "" && file == "videosdk.js"
	case first == "home" || first == "sdk" || strings.HasPrefix(clean, "docs/assets/"):
		return clean, isFile(dist, clean)
	case first == consoleApp && !strings.HasPrefix(rest, "v1/"): // the API of the sign-in is below /console/v1/
		if deeper && isFile(dist, clean) {
			return clean, true
		}
		return consoleApp + "/index.html", !strings.HasPrefix(rest, "assets/")
	case clean == "api" || clean == "test":
		return clean + "/index.html", true
	case first == "api" || first == "test":
		return clean, isFile(dist, clean)
	case !slices.Contains(apps, first):
		return "", false
	case deeper && isFile(dist, clean):
		return clean, true
	case !strings.Contains(rest, "/"): // an ID, or none
		return first + "/index.html", true
	}
	return "", false
}

// canonical returns the address of an app from which its relative links work, as a relative link itself, so that it
// holds behind a path prefix: /meet/ with a slash, /meet/ID without one.
func canonical(urlPath string) (to string, redirect bool) {
	app, rest, deeper := strings.Cut(strings.TrimPrefix(urlPath, "/"), "/")
	switch {
	case app == consoleApp && !deeper:
		return app + "/", true
	case urlPath == "/api" || urlPath == "/test":
		return app + "/", true
	case !slices.Contains(apps, app):
		return "", false
	case !deeper:
		return app + "/", true
	case rest != "" && strings.HasSuffix(rest, "/"):
		return "../" + path.Base(rest), true
	}
	return "", false
}

func isFile(dist fs.FS, name string) bool {
	info, err := fs.Stat(dist, name)
	return err == nil && !info.IsDir()
}

func serve(w http.ResponseWriter, r *http.Request, dist fs.FS, name, asked string) {
	content, err := fs.ReadFile(dist, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentType(name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	switch {
	case name == consoleApp+"/index.html":
		h.Set("Content-Security-Policy", consoleCSP)
		h.Set("Cache-Control", "no-cache")
		content = relinked(content, strings.Count(asked, "/")-2)
	case name == "meet/index.html":
		h.Set("Content-Security-Policy", meetCSP)
		h.Set("Cache-Control", "no-cache")
	case strings.HasSuffix(name, ".html"):
		h.Set("Content-Security-Policy", csp)
		h.Set("Cache-Control", "no-cache")
	case strings.Contains(name, "/assets/"): // names carry a hash of the content
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	default:
		h.Set("Cache-Control", "no-cache")
	}
	if strings.HasPrefix(name, "sdk/") { // pages of other origins load the SDK from here
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	if name == consoleApp+"/index.html" { // small, and another one for each depth
		_, _ = w.Write(content)
		return
	}
	if packed := compressed(name, content); packed != nil {
		h.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			content = packed
		}
	}
	_, _ = w.Write(content)
}

// relinked makes the relative links of a page hold from an address that is a number of folders deeper: a base element
// would need a weaker policy, and links from the root would not hold behind a path prefix.
func relinked(page []byte, deeper int) []byte {
	if deeper <= 0 {
		return page
	}
	return bytes.ReplaceAll(page, []byte(`="./`), []byte(`="`+strings.Repeat("../", deeper)))
}

// packed holds the gzipped form of each text file and WebAssembly module that was asked for, by its name. The files
// never change.
var packed sync.Map

// compressed returns a file gzipped, or nil for one that is not made smaller.
func compressed(name string, content []byte) []byte {
	switch path.Ext(name) {
	case ".html", ".css", ".js", ".mjs", ".svg", ".json", ".wasm":
	default:
		return nil
	}
	if known, ok := packed.Load(name); ok {
		return known.([]byte)
	}
	var buffer bytes.Buffer
	w := gzip.NewWriter(&buffer)
	_, _ = w.Write(content) // a buffer takes all
	_ = w.Close()
	known, _ := packed.LoadOrStore(name, buffer.Bytes())
	return known.([]byte)
}

// acceptsGzip reports whether an Accept-Encoding header names gzip without refusing it (RFC 9110, section 12.5.3).
func acceptsGzip(header string) bool {
	for each := range strings.SplitSeq(header, ",") {
		coding, quality, _ := strings.Cut(strings.TrimSpace(each), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			return strings.Trim(strings.TrimPrefix(strings.TrimSpace(quality), "q="), "0.") != "" || quality == ""
		}
	}
	return false
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}
