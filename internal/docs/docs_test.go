package docs_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch"
	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/console"
	"github.com/klatch/klatch/internal/docs"
	"github.com/klatch/klatch/internal/errorpage"
)

// start serves what a server has at these paths, below a prefix that a proxy strips.
func start(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	refuse := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	pages := console.Handler(refuse)
	handler := docs.Handler(klatch.Documents, console.Built(), refuse)
	mux.Handle("/docs", handler)
	mux.Handle("/docs/", handler)
	mux.Handle("/docs/assets/", pages)
	mux.Handle("/errors", errorpage.Handler())
	mux.Handle("/errors/", errorpage.Handler())
	mux.Handle("/", pages)
	server := httptest.NewServer(http.StripPrefix("/call/me", mux))
	t.Cleanup(server.Close)
	return server.URL + "/call/me"
}

func get(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	response, err := http.Get(address)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

var (
	reference = regexp.MustCompile(`(?:href|src)="([^"]+)"`)
	inline    = regexp.MustCompile(`<[a-z][^>]* style=[^>]*>|<style[^>]*>|<[a-z][^>]* on\w+=[^>]*>`)
	anchor    = regexp.MustCompile(`id="([^"]+)"`)
)

// Every link within the server leads to a page that exists, and to an anchor that exists there; and every document of
// docs/ is in the navigation.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	server := start(t)
	first, _ := get(t, server+"/docs")
	require.Equal(t, http.StatusOK, first.StatusCode)
	host := first.Request.URL.Host
	anchors := map[string][]string{} // of the pages that were read
	type link struct{ from, to, fragment string }
	var links []link
	from := func(address string) (pages []string) {
		for _, l := range links {
			if l.to == address {
				pages = append(pages, l.from)
			}
		}
		return pages
	}
	for waiting := []string{first.Request.URL.String()}; len(waiting) > 0; {
		address := waiting[0]
		waiting = waiting[1:]
		if _, known := anchors[address]; known {
			continue
		}
		anchors[address] = []string{}
		response, body := get(t, address)
		require.Equal(t, http.StatusOK, response.StatusCode, "%s, on %v", address, from(address))
		if !strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, m := range anchor.FindAllStringSubmatch(body, -1) {
			anchors[address] = append(anchors[address], m[1])
		}
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(anchors[address]))), len(anchors[address]),
			"%s uses an id twice", address)
		base := response.Request.URL
		require.Equal(t, address, base.String(), "a link leads to a redirect")
		if strings.HasPrefix(base.Path, "/call/me/docs/") || strings.HasPrefix(base.Path, "/call/me/errors") {
			require.Empty(t, inline.FindString(body), "the policy refuses it: %s", address)
			for _, m := range reference.FindAllStringSubmatch(body, -1) {
				target, err := base.Parse(strings.ReplaceAll(m[1], "&amp;", "&"))
				require.NoError(t, err)
				if target.Host != host {
					require.Contains(t, []string{"https", "http", "mailto"}, target.Scheme, "%s on %s", m[1], address)
					continue
				}
				require.True(t, strings.HasPrefix(target.Path, "/call/me/"), "%s on %s", m[1], address)
				fragment := target.Fragment
				target.Fragment = ""
				links = append(links, link{address, target.String(), fragment})
				waiting = append(waiting, target.String())
			}
		}
	}
	require.Greater(t, len(links), 1000)
	for _, l := range links {
		if l.fragment != "" {
			require.Contains(t, anchors[l.to], l.fragment, "%s links to %s#%s", l.from, l.to, l.fragment)
		}
	}
	for _, pattern := range []string{"docs/*.md", "docs/adr/*.md"} {
		names, err := fs.Glob(klatch.Documents, pattern)
		require.NoError(t, err)
		require.NotEmpty(t, names)
		for _, name := range names {
			at := strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(name, "docs/"), ".md"))
			require.Contains(t, anchors, server+"/docs/"+at, "no page links to %s: put it into internal/docs/contents.go", name)
		}
	}
	images, err := fs.Glob(klatch.Documents, "docs/images/*")
	require.NoError(t, err)
	for _, name := range images {
		require.Contains(t, anchors, server+"/"+name, "no page shows %s", name)
	}
}

// Each document is in the menu itself, not only linked from another one.
func TestMenuListsEveryDocument(t *testing.T) {
	_, page := get(t, start(t)+"/docs/")
	menu, _, _ := strings.Cut(page, "<main")
	names, err := fs.Glob(klatch.Documents, "docs/*.md")
	require.NoError(t, err)
	for _, name := range names {
		at := strings.ToLower(strings.TrimSuffix(path.Base(name), ".md"))
		require.True(t, strings.Contains(menu, fmt.Sprintf(`href="./%s"`, at)),
			"%s is not in internal/docs/contents.go", name)
	}
	for _, group := range []string{"Begin", "Build", "Operate", "Reference"} {
		require.True(t, strings.Contains(menu, "<p>"+group+"</p>"), group)
	}
}

func TestAnswers(t *testing.T) {
	server := start(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, tt := range []struct {
		name, method, path string
		status             int
		kind, location     string
		contains           string
	}{
		{"without a slash", "GET", "/docs", 308, "", "docs/", ""},
		{"first page", "GET", "/docs/", 200, "text/html", "", `aria-current="page"`},
		{"page", "GET", "/docs/tokens", 200, "text/html", "", "<h1"},
		{"HEAD", "HEAD", "/docs/tokens", 200, "text/html", "", ""},
		{"other case", "GET", "/docs/ARCHITECTURE", 308, "", "./architecture", ""},
		{"slash at the end", "GET", "/docs/tokens/", 308, "", "../tokens", ""},
		{"deeper, with a slash", "GET", "/docs/adr/0004-egress-is-a-client/", 308, "",
			"../../adr/0004-egress-is-a-client", ""},
		{"document", "GET", "/docs/tokens.md", 200, "text/markdown", "", "# Tokens"},
		{"first document", "GET", "/docs/README.md", 200, "text/markdown", "", "# Klatch"},
		{"image", "GET", "/docs/images/meeting.png", 200, "image/png", "", "PNG"},
		{"drawing", "GET", "/docs/images/bwe-links.svg", 200, "image/svg+xml", "", "<svg"},
		{"page of an example as text", "GET", "/docs/source/examples/tokens/page.html", 200, "text/plain", "", "<html"},
		{"example", "GET", "/docs/source/examples/tokens", 200, "text/html", "", "server.mjs"},
		{"unknown", "GET", "/docs/token", 404, "text/html", "", `href="./tokens"`},
		{"unknown, deeper", "GET", "/docs/a/b/webhook", 404, "text/html", "", `href="../../webhooks"`},
		{"code", "GET", "/docs/4009", 404, "text/html", "", `href="./../errors/4009#LIMIT"`},
		{"reason", "HEAD", "/docs/UDP_BLOCKED", 404, "text/html", "", ""},
		{"hostile", "GET", "/docs/" + url.PathEscape(`"><script>alert(1)</script>`+strings.Repeat("é", 500)), 404,
			"text/html", "", "&lt;script&gt;"},
		{"traversal", "GET", "/docs/..%2f..%2fgo.mod", 404, "text/html", "", "No such page"},
		{"traversal in files", "GET", "/docs/source/%2e%2e/go.mod", 404, "text/html", "", "No such page"},
		{"file that no page names", "GET", "/docs/source/examples/react/package-lock.json", 404, "text/html", "", ""},
		{"other method", "POST", "/docs/tokens", 418, "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequest(tt.method, server+tt.path, nil)
			require.NoError(t, err)
			response, err := client.Do(r)
			require.NoError(t, err)
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			require.Equal(t, tt.status, response.StatusCode, string(body))
			require.Equal(t, tt.location, response.Header.Get("Location"))
			require.Contains(t, response.Header.Get("Content-Type"), tt.kind)
			require.True(t, strings.Contains(string(body), tt.contains), "%q is missing", tt.contains)
			require.False(t, strings.Contains(string(body), "<script>"))
			require.Less(t, len(body), 200<<10)
			if tt.method == "HEAD" {
				require.Empty(t, body)
			}
			if tt.status == 200 || tt.status == 404 {
				require.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'")
				require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
				require.Contains(t, []string{"no-cache", "public, max-age=3600"}, response.Header.Get("Cache-Control"))
			}
		})
	}
}

// The index names every reason of the catalogue and every page, and keeps in caches.
func TestSearchIndex(t *testing.T) {
	server := start(t)
	_, page := get(t, server+"/docs/")
	name := regexp.MustCompile(`data-index="(search-[0-9a-f]{12}\.json)"`).FindStringSubmatch(page)
	require.NotNil(t, name)
	response, body := get(t, server+"/docs/"+name[1])
	require.Equal(t, "application/json", response.Header.Get("Content-Type"))
	require.Contains(t, response.Header.Get("Cache-Control"), "immutable")
	var index []struct {
		U, P, T, X string
		C          int
		R          string
	}
	require.NoError(t, json.Unmarshal([]byte(body), &index))
	reasons := map[string]string{}
	for _, e := range index {
		require.NotEmpty(t, e.T, e.U)
		if e.C != 0 {
			reasons[fmt.Sprintf("%d.%s", e.C, e.R)] = e.U
		}
	}
	for _, e := range fault.Catalogue() {
		require.Equal(t, fmt.Sprintf("../errors/%d#%s", e.Code, e.Reason), reasons[e.Key()])
	}
	require.Less(t, gzipped(t, body), 260<<10, "the index is loaded when somebody wants to search")
}

// Whoever comes with a symptom gets to the page of its fault: the tables of docs/troubleshooting.md link each code.
func TestSymptomsLeadToFaults(t *testing.T) {
	text, err := fs.ReadFile(klatch.Documents, "docs/troubleshooting.md")
	require.NoError(t, err)
	code := regexp.MustCompile(`\b[345]\d{3}\b`)
	links := regexp.MustCompile(`\[\d{4}[^\]]*\]\(errors\.md#[^)]+\)|\]\([^)]*\)`)
	linked := 0
	for row := range strings.Lines(string(text)) {
		if strings.HasPrefix(row, "|") {
			linked += strings.Count(row, "](errors.md#")
			require.Empty(t, code.FindString(links.ReplaceAllString(row, "")), "a code without a link: %s", row)
		}
	}
	require.Greater(t, linked, 60)
}

// What a page needs to be shown stays small, the largest page included.
func TestFirstView(t *testing.T) {
	server := start(t)
	names, err := fs.Glob(klatch.Documents, "docs/*.md")
	require.NoError(t, err)
	for _, name := range names {
		at := strings.ToLower(strings.TrimSuffix(path.Base(name), ".md"))
		_, page := get(t, server+"/docs/"+at)
		size := gzipped(t, page)
		assets := regexp.MustCompile(`"\./(assets/[^"]+)"`).FindAllStringSubmatch(page, -1)
		require.Len(t, assets, 2, "a script and a style sheet")
		for _, m := range assets {
			response, asset := get(t, server+"/docs/"+m[1])
			require.Equal(t, http.StatusOK, response.StatusCode, m[1])
			require.Contains(t, response.Header.Get("Cache-Control"), "immutable")
			size += gzipped(t, asset)
		}
		require.Less(t, size, 60<<10, at)
	}
}

func gzipped(t *testing.T, text string) int {
	t.Helper()
	var buffer bytes.Buffer
	w := gzip.NewWriter(&buffer)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return buffer.Len()
}
