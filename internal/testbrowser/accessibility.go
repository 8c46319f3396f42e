package testbrowser

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Accessible is an element as the browser describes it to a screen reader.
type Accessible struct {
	Role, Name, Description, Value string
	// States are pressed, expanded, live and the like, with their values.
	States map[string]string
	// Live is the politeness of the live region that the element is in; empty outside of one.
	Live string
}

// spokenStates are the states that screen readers speak.
var spokenStates = []string{"pressed", "checked", "expanded", "disabled", "busy", "haspopup"}

// String returns what a screen reader has to speak of it: role, name, value and states.
func (a Accessible) String() string {
	words := []string{a.Role}
	if a.Name != "" {
		words = append(words, fmt.Sprintf("%q", a.Name))
	}
	if a.Value != "" {
		words = append(words, fmt.Sprintf("value %q", a.Value))
	}
	for _, state := range spokenStates {
		value, has := a.States[state]
		switch {
		case !has, state != "pressed" && state != "checked" && state != "expanded" && value == "false":
		case value == "true":
			words = append(words, state)
		case value == "false":
			words = append(words, "not "+state)
		default:
			words = append(words, state+" "+value)
		}
	}
	return strings.Join(words, " ")
}

// Accessibility returns the accessibility tree of the page, without what is hidden from screen readers, from top to
// bottom. Only Chromium tells it.
func (p *Page) Accessibility() (tree []Accessible) {
	p.t.Helper()
	c, ok := p.tab.(*chromiumTab)
	require.True(p.t, ok, "only Chromium tells it")
	var result accessibility.GetFullAXTreeResult
	err := c.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) (err error) {
		result, err = cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		return err
	}))
	require.NoError(p.t, err, "read the accessibility tree")
	nodes := map[accessibility.NodeID]*accessibility.Node{}
	for _, node := range result.Nodes {
		nodes[node.NodeID] = node
	}
	var walk func(node *accessibility.Node, live string)
	walk = func(node *accessibility.Node, live string) {
		a := accessible(node)
		if polite := a.States["live"]; polite != "" && polite != "off" {
			live = polite
		}
		a.Live = live
		if !node.Ignored {
			tree = append(tree, a)
		}
		for _, id := range node.ChildIDs {
			if child := nodes[id]; child != nil {
				walk(child, live)
			}
		}
	}
	for _, node := range result.Nodes {
		if nodes[node.ParentID] == nil {
			walk(node, "")
		}
	}
	return tree
}

// Focused returns the element that has the focus, as the accessibility tree has it.
func (p *Page) Focused() Accessible {
	p.t.Helper()
	tree := p.Accessibility()
	at := slices.IndexFunc(tree, func(a Accessible) bool {
		return a.States["focused"] == "true" && a.Role != "RootWebArea"
	})
	if at < 0 {
		return Accessible{}
	}
	return tree[at]
}

func accessible(node *accessibility.Node) Accessible {
	a := Accessible{
		Role: text(node.Role), Name: text(node.Name), Description: text(node.Description), Value: text(node.Value),
		States: map[string]string{},
	}
	for _, property := range node.Properties {
		a.States[string(property.Name)] = text(property.Value)
	}
	return a
}

// text returns a value of the protocol, which is a string, a number or a Boolean.
func text(v *accessibility.Value) string {
	if v == nil || len(v.Value) == 0 {
		return ""
	}
	var value any
	if json.Unmarshal([]byte(v.Value), &value) != nil || value == nil {
		return ""
	}
	return fmt.Sprint(value)
}
