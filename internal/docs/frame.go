package docs

import (
	"bytes"
	"html/template"
	"strings"
)

// view is what the frame of the pages, web/docs/index.html, shows.
type view struct {
	Title    string
	Root     string // the way to the address of the documentation
	Index    string // the name of the search index
	Groups   []viewGroup
	Headings []heading
	Article  template.HTML
	Markdown string // the address of the document itself, if it has one
}

type viewGroup struct {
	Title string
	Pages []viewPage
}

type viewPage struct {
	Label, Address string
	Here           bool
}

// body returns a page as HTML. Its links hold at an address that is as deep as asked.
func (s *site) body(p *page, asked string) ([]byte, error) {
	up := root(asked)
	v := view{Title: p.title, Root: up, Index: s.indexName, Article: p.article}
	if p.address == "" {
		v.Title = "Documentation"
	}
	if p.file != "" {
		v.Markdown = up + p.sourceName()
	}
	if len(p.headings) > 1 {
		v.Headings = p.headings
	}
	_, here := listed(p.file)
	if p.address == address(decisions) {
		_, here = listed(decisions)
	}
	for _, g := range contents {
		vg := viewGroup{Title: g.title}
		for _, e := range g.entries {
			vp := viewPage{Label: e.label, Address: up + e.href}
			if e.file != "" {
				vp.Address = up + address(e.file)
				vp.Here = e.label == here
			}
			vg.Pages = append(vg.Pages, vp)
		}
		v.Groups = append(v.Groups, vg)
	}
	var out bytes.Buffer
	if err := s.frame.Execute(&out, v); err != nil {
		return nil, err
	}
	// The built files are beside the frame; a page may be deeper.
	return []byte(strings.ReplaceAll(out.String(), `="./assets/`, `="`+up+`assets/`)), nil
}
