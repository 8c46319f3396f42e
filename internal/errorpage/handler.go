// Package errorpage serves the catalogue of faults as web pages: /errors lists every code, /errors/CODE
// explains one with all its reasons, each at its own anchor. These are the pages that the `docs` field of a
// fault points to. The server mounts the handler; the pages hold no script, and every link in them is
// relative, so that they work behind a path prefix.
package errorpage

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"github.com/klatch/klatch/fault"
)

//go:embed *.html style.css
var files embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"rich":     rich,
	"origin":   func(s string) string { return originWords[s] },
	"audience": audience,
	"type":     func(s string) string { return typeWords[s] },
}).ParseFS(files, "*.html"))

// csp lets the page load nothing but its own style sheet.
const csp = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Handler answers GET and HEAD of /errors, /errors/{code} and /errors/style.css. A name in place of a code is
// redirected to the code. It is safe for concurrent use.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /errors", index)
	mux.HandleFunc("GET /errors/{$}", func(w http.ResponseWriter, _ *http.Request) { redirect(w, "../errors") })
	mux.HandleFunc("GET /errors/style.css", style)
	mux.HandleFunc("GET /errors/{code}", code)
	return mux
}

type band struct {
	Title, About string
	Codes        [][]fault.Entry
}

func index(w http.ResponseWriter, _ *http.Request) {
	bands := []band{
		{Title: "Found on the device",
			About: "3xxx. The SDK or the browser found it: devices, wrong calls, the way to the server."},
		{Title: "Refused by the server", About: "4xxx. The server judged a request and did not do it."},
		{Title: "Stopped while running, or the server itself",
			About: "5xxx. Something that ran stopped, or the server cannot serve."},
	}
	for _, group := range fault.ByCode(fault.Catalogue()) {
		i := min(max(group[0].Code/1000-3, 0), len(bands)-1)
		bands[i].Codes = append(bands[i].Codes, group)
	}
	render(w, http.StatusOK, "index.html",
		map[string]any{"Title": "Klatch errors", "Root": "errors", "Home": "errors", "Docs": "docs/", "Bands": bands})
}

func code(w http.ResponseWriter, r *http.Request) {
	asked := r.PathValue("code")
	if number, err := strconv.Atoi(asked); err == nil && strconv.Itoa(number) == asked {
		if group := fault.Find(asked); group != nil {
			title := asked + " " + group[0].Name
			render(w, http.StatusOK, "code.html",
				map[string]any{"Title": title, "Root": ".", "Home": "../errors", "Docs": "../docs/", "Code": group[0],
					"Reasons": group})
			return
		}
	} else if found := fault.Find(asked); len(found) > 0 && strings.EqualFold(found[0].Name, asked) {
		redirect(w, strconv.Itoa(found[0].Code))
		return
	}
	render(w, http.StatusNotFound, "unknown.html", map[string]any{
		"Title": "No such error", "Root": ".", "Home": "../errors", "Docs": "../docs/", "Asked": clip(asked),
		"Nearest": nearest(asked),
	})
}

// nearest returns the entries of the codes that were probably meant, one per code.
func nearest(asked string) []fault.Entry {
	var entries []fault.Entry
	seen := map[int]bool{}
	for _, word := range fault.Nearest(asked, 8) {
		for _, e := range fault.Find(word) {
			if !seen[e.Code] && len(entries) < 5 {
				seen[e.Code] = true
				entries = append(entries, e)
			}
		}
	}
	return entries
}

func clip(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}

// redirect writes the relative target as it is: http.Redirect would make it absolute and lose the prefix
// under which a proxy serves us.
func redirect(w http.ResponseWriter, target string) {
	w.Header().Set("Location", target)
	w.WriteHeader(http.StatusMovedPermanently)
}

func style(w http.ResponseWriter, _ *http.Request) {
	css, err := files.ReadFile("style.css")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=3600")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(css) // a reader that is gone needs no answer
}

func render(w http.ResponseWriter, status int, page string, data any) {
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, page, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", csp)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // a reader that is gone needs no answer
}
