package docs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/klatch/klatch/fault"
)

// site is the documentation, ready to be served. Nothing in it changes.
type site struct {
	frame  *template.Template
	files  fs.FS
	pages  map[string]*page  // by address
	bodies map[string][]byte // the pages as HTML, by address
	// sources are the documents as they are, by address with .md; the first page is README.md.
	sources map[string][]byte
	shown   map[string]string // images and source files, by address: the name of the file
	index   []byte            // what the search reads
	// indexName holds a hash of the index, so that browsers keep it.
	indexName string
}

// page is one document, or a folder of source files.
type page struct {
	rendered

	file    string // empty for what has no Markdown of its own
	folder  string // from which its links lead
	address string
	source  []byte
}

// sourcePath is where the files are that documents refer to, as they are in the repository.
const sourcePath = "source/"

// newSite makes the pages of the documents. built holds the frame of the pages, as `make web` has made it.
func newSite(files, built fs.FS) (*site, error) {
	frame, err := fs.ReadFile(built, "docs/index.html")
	if err != nil {
		return nil, fmt.Errorf("the built pages are not complete, run make web: %w", err)
	}
	s := &site{
		files: files, pages: map[string]*page{}, bodies: map[string][]byte{}, sources: map[string][]byte{},
		shown: map[string]string{},
	}
	if s.frame, err = template.New("frame").Parse(string(frame)); err != nil {
		return nil, err
	}
	names, err := documents(files)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		p := &page{file: name, folder: path.Dir(name), address: address(name), source: source}
		s.pages[p.address] = p
		s.sources[p.sourceName()] = source
	}
	s.pages[address(decisions)] = &page{folder: decisions, address: address(decisions), source: s.listDecisions()}
	for _, at := range slices.Sorted(maps.Keys(s.pages)) {
		if err := s.renderPage(s.pages[at]); err != nil {
			return nil, err
		}
	}
	if err := s.addImages(); err != nil {
		return nil, err
	}
	if s.index, err = s.searchIndex(); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(s.index)
	s.indexName = "search-" + hex.EncodeToString(sum[:6]) + ".json"
	for _, p := range s.pages {
		if s.bodies[p.address], err = s.body(p, p.address); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *site) renderPage(p *page) error {
	source := p.source
	if p.file == "docs/errors.md" {
		source = overview(source)
	}
	r, err := render(source, func(destination string) (string, string, error) {
		return s.resolve(p, destination)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", p.name(), err)
	}
	p.rendered = *r
	return nil
}

// sourceName returns the address of a document as it is.
func (p *page) sourceName() string {
	if p.address == "" {
		return "README.md"
	}
	return p.address + ".md"
}

func (p *page) name() string {
	if p.file != "" {
		return p.file
	}
	return p.address
}

// root returns the way from an address to that of the documentation.
func root(address string) string {
	if depth := strings.Count(address, "/"); depth > 0 {
		return strings.Repeat("../", depth)
	}
	return "./"
}

// listDecisions writes the page of the records of decisions.
func (s *site) listDecisions() []byte {
	var b bytes.Buffer
	b.WriteString("# Decisions\n\nWhat would be argued again, with the reasons and what was given up.\n\n")
	for _, at := range slices.Sorted(maps.Keys(s.pages)) {
		p := s.pages[at]
		if path.Dir(p.file) != decisions {
			continue
		}
		first, _, _ := strings.Cut(string(p.source), "\n")
		fmt.Fprintf(&b, "- [%s](%s.md)\n", strings.TrimPrefix(first, "# "), strings.TrimPrefix(at, "adr/"))
	}
	return b.Bytes()
}

// overview returns docs/errors.md without the part on each code: /errors/CODE has that.
func overview(source []byte) []byte {
	var b bytes.Buffer
	code := false
	for line := range bytes.Lines(source) {
		if bytes.HasPrefix(line, []byte("## ")) {
			code = false
		} else if bytes.HasPrefix(line, []byte("### ")) {
			code = true
		}
		if !code {
			b.Write(line)
		}
	}
	return b.Bytes()
}

var errorAnchor = regexp.MustCompile(`^(\d{4})(?:-(\w+))?$`)

// resolve returns where a link of a page leads, and the name of the page there. A link that leads nowhere is an error.
func (s *site) resolve(p *page, destination string) (to, name string, err error) {
	target, err := url.Parse(destination)
	if err != nil || target.IsAbs() {
		return destination, "", err
	}
	fragment := ""
	if target.Fragment != "" {
		fragment = "#" + target.Fragment
	}
	file := p.file
	if target.Path != "" {
		file = path.Join(p.folder, target.Path)
	}
	if m := errorAnchor.FindStringSubmatch(target.Fragment); m != nil && file == "docs/errors.md" {
		to := root(p.address) + "../errors/" + m[1]
		if m[2] != "" {
			to += "#" + strings.ToUpper(m[2])
		}
		return to, "", nil
	}
	if target.Path == "" {
		return fragment, "", nil
	}
	at, err := s.place(file)
	if err != nil {
		return "", "", fmt.Errorf("the link %s: %w", destination, err)
	}
	if _, label := listed(file); path.Dir(file) != decisions {
		name = label
	}
	return root(p.address) + at + fragment, name, nil
}

// place returns the address of a file or folder, and makes the page of a folder.
func (s *site) place(file string) (string, error) {
	if file == decisions {
		return address(file), nil
	}
	info, err := fs.Stat(s.files, file)
	switch {
	case err != nil:
		return "", err
	case path.Ext(file) == ".md" && s.pages[address(file)] != nil:
		return address(file), nil
	case file == "examples":
		return file, nil
	case strings.HasPrefix(file, "docs/images/"):
		return strings.TrimPrefix(file, "docs/"), nil
	case !info.IsDir():
		s.shown[sourcePath+file] = file
		return sourcePath + file, nil
	}
	at := sourcePath + file
	if s.pages[at] == nil {
		return at, s.addFolder(at, file)
	}
	return at, nil
}

// addFolder makes the page that shows the files of a folder.
func (s *site) addFolder(at, folder string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n", folder)
	err := fs.WalkDir(s.files, folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(s.files, name)
		if err != nil {
			return err
		}
		below := strings.TrimPrefix(name, folder+"/")
		s.shown[sourcePath+name] = name
		fmt.Fprintf(&b, "\n## %s\n\n[The file alone](%s)\n\n%s", below, below, codeBlock(name, content))
		return nil
	})
	if err != nil {
		return err
	}
	p := &page{folder: folder, address: at, source: b.Bytes()}
	s.pages[at] = p
	return s.renderPage(p)
}

func (s *site) addImages() error {
	images, err := fs.Glob(s.files, "docs/images/*")
	for _, name := range images {
		s.shown[strings.TrimPrefix(name, "docs/")] = name
	}
	return err
}

// found is what the search finds: a section of a page, or a reason of a fault.
type found struct {
	Address string `json:"u"` // relative to that of the documentation
	Page    string `json:"p"`
	Title   string `json:"t"`
	Text    string `json:"x"`
	Code    int    `json:"c,omitempty"`
	Reason  string `json:"r,omitempty"`
}

// searchIndex returns everything that the search finds, as JSON. Its order is that of the navigation, in which equally
// good results are shown.
func (s *site) searchIndex() ([]byte, error) {
	var all []found
	rank := func(p *page) int {
		for i, g := range contents {
			for j, e := range g.entries {
				if e.file == p.file && e.file != "" {
					return i*100 + j
				}
			}
		}
		return 1000
	}
	pages := slices.SortedFunc(maps.Values(s.pages), func(a, b *page) int {
		if byRank := rank(a) - rank(b); byRank != 0 {
			return byRank
		}
		return strings.Compare(a.address, b.address)
	})
	for _, p := range pages {
		for _, section := range p.sections {
			at := p.address
			if section.ID != "" {
				at += "#" + section.ID
			}
			all = append(all, found{Address: at, Page: p.title, Title: section.Title, Text: section.Text})
		}
	}
	for _, e := range fault.Catalogue() {
		all = append(all, found{
			Address: fmt.Sprintf("../errors/%d#%s", e.Code, e.Reason),
			Page:    fmt.Sprintf("%d %s", e.Code, e.Name), Title: e.Reason,
			Text: e.Message + " " + e.Detail + " " + e.Remedy, Code: e.Code, Reason: e.Reason,
		})
	}
	return json.Marshal(all)
}
