// Package docs serves the documentation of the server's own version under /docs: README.md, the pages of docs/, the
// examples and files that they refer to, and a search over them and the faults. The documents come from the root of the
// module, the frame of the pages, their style and the search from web/docs. The server mounts the handler; the files
// below /docs/assets/ are served by console, as those of every built page.
package docs

import (
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzhttp"

	"github.com/klatch/klatch/fault"
)

// Path is where the documentation is.
const Path = "/docs"

// csp lets a page load what this server serves, and its search ask for the index. There is no form and no frame.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type handler struct {
	site func() (*site, error)
	next http.Handler
}

// Handler answers GET and HEAD of /docs and everything below, and leaves other methods to next. documents are those of
// the root of the module, built are the built pages of console. The pages are made when the first is asked for. It is
// safe for concurrent use.
func Handler(documents, built fs.FS, next http.Handler) http.Handler {
	h := &handler{next: next, site: sync.OnceValues(func() (*site, error) { return newSite(documents, built) })}
	return gzhttp.GzipHandler(h)
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.next.ServeHTTP(w, r)
		return
	}
	s, err := h.site()
	if err != nil {
		http.Error(w, "The documentation cannot be shown: "+err.Error(), http.StatusInternalServerError)
		return
	}
	asked := strings.TrimPrefix(r.URL.Path, Path)
	if asked == "" { // the relative links of the first page need the slash; this one holds behind a path prefix
		redirect(w, "docs/")
		return
	}
	s.answer(w, strings.TrimPrefix(asked, "/"))
}

func (s *site) answer(w http.ResponseWriter, asked string) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", csp)
	if body, ok := s.bodies[asked]; ok {
		h.Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(body) // a reader that is gone needs no answer
		return
	}
	if asked == s.indexName {
		h.Set("Content-Type", "application/json")
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		_, _ = w.Write(s.index)
		return
	}
	if name, ok := s.shown[asked]; ok {
		s.answerFile(w, name)
		return
	}
	if source, ok := s.sources[asked]; ok {
		h.Set("Content-Type", "text/markdown; charset=utf-8")
		_, _ = w.Write(source)
		return
	}
	if to := strings.TrimSuffix(strings.ToLower(asked), "/"); to != asked && s.bodies[to] != nil {
		redirect(w, root(asked)+to)
		return
	}
	s.answerUnknown(w, asked)
}

func (s *site) answerFile(w http.ResponseWriter, name string) {
	content, err := fs.ReadFile(s.files, name)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	kind := "text/plain; charset=utf-8" // the source of a page is shown, not run
	if strings.HasPrefix(name, "docs/images/") {
		kind = mime.TypeByExtension(path.Ext(name))
		w.Header().Set("Cache-Control", "public, max-age=3600")
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(content)
}

// answerUnknown answers a path that no page has, with the pages that were probably meant.
func (s *site) answerUnknown(w http.ResponseWriter, asked string) {
	type link struct{ Address, Title string }
	shown := []rune(asked)
	if len(shown) > 80 {
		shown = append(shown[:80], '…')
	}
	data := struct {
		Asked, Root string
		Links       []link
	}{string(shown), root(asked), nil}
	word := strings.ToLower(path.Base(strings.TrimSuffix(strings.TrimSuffix(asked, "/"), ".md")))
	for _, e := range fault.Find(strings.ToUpper(word)) {
		title := e.Key() + " " + e.Name
		data.Links = append(data.Links, link{"../errors/" + strings.Replace(e.Key(), ".", "#", 1), title})
		if len(data.Links) == 5 {
			break
		}
	}
	for at, p := range s.pages {
		name := path.Base(at)
		if at != "" && len(word) > 2 && (strings.Contains(name, word) || strings.Contains(word, name)) {
			data.Links = append(data.Links, link{at, p.title})
		}
	}
	slices.SortFunc(data.Links, func(a, b link) int { return strings.Compare(a.Address, b.Address) })
	var article strings.Builder
	err := unknown.Execute(&article, data)
	if err == nil {
		var body []byte
		p := &page{rendered: rendered{title: "No such page", article: template.HTML(article.String())}, address: asked}
		if body, err = s.body(p, asked); err == nil {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write(body)
			return
		}
	}
	http.Error(w, err.Error(), http.StatusInternalServerError)
}

var unknown = template.Must(template.New("").Parse(`<h1>No such page</h1>
<p>The documentation of this server has no page <code>{{.Asked}}</code>.</p>
{{$root := .Root}}{{with .Links}}<p>Perhaps one of these:</p>
<ul>{{range .}}<li><a href="{{$root}}{{.Address}}">{{.Title}}</a></li>
{{end}}</ul>{{end}}
<p><a href="{{.Root}}">The first page</a> and the menu lead to the others; the search finds words and error
codes.</p>`))

// redirect writes the relative target as it is: http.Redirect would make it absolute and lose the prefix under which a
// proxy serves us.
func redirect(w http.ResponseWriter, target string) {
	w.Header().Set("Location", target)
	w.WriteHeader(http.StatusPermanentRedirect)
}
