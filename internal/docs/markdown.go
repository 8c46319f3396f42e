package docs

import (
	"bytes"
	"fmt"
	"html/template"
	"path"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// markdown reads what GitHub does, without raw HTML. The policy of the pages takes no style attributes, so cells have
// an align attribute.
var markdown = goldmark.New(
	goldmark.WithExtensions(
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		extension.Strikethrough, extension.Linkify,
	),
	goldmark.WithParserOptions(parser.WithAutoHeadingID()),
)

// heading is an entry of the table of contents of a page.
type heading struct {
	Level     int
	ID, Title string
}

// section is what a search finds: the text below a heading.
type section struct {
	ID, Title, Text string
}

// rendered is a document as HTML.
type rendered struct {
	title    string
	article  template.HTML
	headings []heading
	sections []section
}

// resolver returns where a destination of a link leads, and the name of the page there, if it is one.
type resolver func(destination string) (to, name string, err error)

// render makes HTML of a document.
func render(source []byte, resolve resolver) (*rendered, error) {
	document := markdown.Parser().Parse(text.NewReader(source))
	r := &rendered{}
	if err := relink(document, source, resolve); err != nil {
		return nil, err
	}
	for node := document.FirstChild(); node != nil; node = node.NextSibling() {
		r.read(node, source)
	}
	if r.title == "" {
		return nil, fmt.Errorf("has no heading of the first level")
	}
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, source, document); err != nil {
		return nil, err
	}
	r.article = template.HTML(finish(out.String())) // made of our own documents, without raw HTML
	return r, nil
}

// relink changes the destinations of links and images. A link whose text is the name of a file has the name of the page
// instead.
func relink(document ast.Node, source []byte, resolve resolver) error {
	return ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := node.(type) {
		case *ast.Link:
			file, _, _ := strings.Cut(string(n.Destination), "#")
			to, name, err := resolve(string(n.Destination))
			n.Destination = []byte(to)
			if shown := plain(n, source); name != "" && path.Base(shown) == path.Base(file) {
				n.RemoveChildren(n)
				n.AppendChild(n, ast.NewString([]byte(name)))
			}
			return ast.WalkContinue, err
		case *ast.Image:
			to, _, err := resolve(string(n.Destination))
			n.Destination = []byte(to)
			return ast.WalkContinue, err
		}
		return ast.WalkContinue, nil
	})
}

// read adds a block of the document to the headings and sections.
func (r *rendered) read(node ast.Node, source []byte) {
	if h, ok := node.(*ast.Heading); ok && h.Level <= 3 {
		id, _ := h.AttributeString("id")
		name, _ := id.([]byte)
		title := plain(node, source)
		if h.Level == 1 {
			r.title = title
			name = nil // the page itself
		} else {
			r.headings = append(r.headings, heading{Level: h.Level, ID: string(name), Title: title})
		}
		r.sections = append(r.sections, section{ID: string(name), Title: title})
		return
	}
	if len(r.sections) > 0 {
		last := &r.sections[len(r.sections)-1]
		last.Text = strings.TrimSpace(last.Text + " " + plain(node, source))
	}
}

// plain returns the text of a node without markup, with single spaces.
func plain(node ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the function returns no error
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(n.Value(source))
				if n.SoftLineBreak() || n.HardLineBreak() {
					b.WriteByte(' ')
				}
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		case *ast.AutoLink:
			if entering {
				b.Write(n.Label(source))
			}
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			if entering {
				for i := range n.Lines().Len() {
					line := n.Lines().At(i)
					b.Write(line.Value(source))
				}
			}
		case *ast.ListItem, *ast.Paragraph, *ast.Heading, *east.TableCell:
			if !entering {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

var (
	emptyHead   = regexp.MustCompile(`<thead>\s*<tr>\s*(?:<th[^>]*></th>\s*)+</tr>\s*</thead>`)
	emptyHeader = regexp.MustCompile(`<th([^>]*)></th>`)
	headings    = regexp.MustCompile(`<(h[2-6]) id="([^"]*)">(.*?)</h[2-6]>`)
)

// finish adds to rendered HTML what Markdown cannot express: wide tables and code scroll by themselves, also by
// keyboard; headings have a link to themselves; a table has no header without words.
func finish(html string) string {
	html = emptyHead.ReplaceAllString(html, "")
	html = emptyHeader.ReplaceAllString(html, "<td$1></td>")
	html = headings.ReplaceAllString(html,
		`<$1 id="$2">$3 <a class="anchor" href="#$2" aria-label="Link to this section">#</a></$1>`)
	return strings.NewReplacer(
		"<table>", `<div class="table" tabindex="0"><table>`, "</table>", "</table></div>",
		"<pre>", `<div class="code"><pre tabindex="0">`, "</pre>", "</pre></div>",
	).Replace(html)
}

// codeBlock returns a file as a code block of Markdown, whatever fences it holds itself.
func codeBlock(name string, content []byte) string {
	fence := "```"
	for bytes.Contains(content, []byte(fence)) {
		fence += "`"
	}
	return fmt.Sprintf("%s%s\n%s\n%s\n", fence, strings.TrimPrefix(path.Ext(name), "."),
		strings.TrimSuffix(string(content), "\n"), fence)
}
