package simulator

import (
	"fmt"
	"html"
	"math"
	"strings"
	"time"
)

// Trace is a run that is drawn: one color, a line for each media flow.
type Trace struct {
	Label, Color string
	Result       Result
}

// Panel is a scenario with the runs that are compared.
type Panel struct {
	Scenario Scenario
	Traces   []Trace
}

const (
	panelColumns          = 3
	panelWidth            = 380
	panelHeight           = 210
	plotLeft, plotTop     = 46, 30
	plotWidth, plotHeight = 320, 140
	plotPoints            = 160 // per line, at most
)

// Plot draws panels as SVG: what each media flow received over time, and the capacity of the path behind it.
func Plot(panels []Panel) string {
	var b strings.Builder
	rows := (len(panels) + panelColumns - 1) / panelColumns
	width, height := panelColumns*panelWidth, rows*panelHeight+24
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="11">`+
		"\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", width, height, width, height)
	x := plotLeft
	for _, t := range append([]Trace{{Label: "capacity", Color: "#bbb"}}, panels[0].Traces...) {
		fmt.Fprintf(&b, "<path d=\"M%d 12h20\" stroke=\"%s\" stroke-width=\"2\"/><text x=\"%d\" y=\"16\">%s</text>\n",
			x, t.Color, x+25, html.EscapeString(t.Label))
		x += 150
	}
	for n, p := range panels {
		fmt.Fprintf(&b, "<g transform=\"translate(%d %d)\">\n", n%panelColumns*panelWidth, 20+n/panelColumns*panelHeight)
		p.draw(&b)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func (p Panel) draw(b *strings.Builder) {
	s := p.Scenario
	top := p.top()
	at := func(t time.Duration, bps float64) string {
		return fmt.Sprintf("%.1f %.1f", plotLeft+plotWidth*t.Seconds()/s.Duration.Seconds(),
			plotTop+plotHeight*(1-min(bps/top, 1)))
	}
	fmt.Fprintf(b, "<text x=\"%d\" y=\"22\" font-weight=\"bold\">%s</text>\n", plotLeft, html.EscapeString(s.Name))
	for _, share := range []float64{0, 0.5, 1} {
		y := plotTop + plotHeight*(1-share)
		fmt.Fprintf(b, "<path d=\"M%d %.0fh%d\" stroke=\"#eee\"/><text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">%g</text>\n",
			plotLeft, y, plotWidth, plotLeft-5, y+4, top*share/mbit)
	}
	fmt.Fprintf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.0f s</text><text x=\"%d\" y=\"%d\">Mbit/s</text>\n",
		plotLeft+plotWidth, plotTop+plotHeight+16, s.Duration.Seconds(), plotLeft, plotTop+plotHeight+16)
	if len(s.Path.Capacity) > 0 {
		line := []string{}
		for n, c := range s.Path.Capacity {
			end := s.Duration
			if n+1 < len(s.Path.Capacity) {
				end = s.Path.Capacity[n+1].At
			}
			line = append(line, at(c.At, c.Bps), at(end, c.Bps))
		}
		fmt.Fprintf(b, "<path d=\"M%s\" fill=\"none\" stroke=\"#bbb\" stroke-width=\"2\"/>\n", strings.Join(line, "L"))
	}
	for _, t := range p.Traces {
		for _, f := range t.Result.Media {
			line := []string{}
			for _, m := range f.thinned() {
				line = append(line, at(m.At, m.Received))
			}
			fmt.Fprintf(b, "<path d=\"M%s\" fill=\"none\" stroke=\"%s\" stroke-opacity=\"0.8\"/>\n", strings.Join(line, "L"),
				t.Color)
		}
	}
}

// top is the rate at the top of a panel.
func (p Panel) top() float64 {
	top := 0.0
	for _, c := range p.Scenario.Path.Capacity {
		top = max(top, c.Bps)
	}
	return math.Ceil(top*1.1/mbit*2) / 2 * mbit
}

// thinned returns samples of the flow that are as long as it takes to have no more than plotPoints.
func (f *Flow) thinned() []Sample {
	group := max((len(f.Samples)+plotPoints-1)/plotPoints, 5)
	var out []Sample
	for n := 0; n+group <= len(f.Samples); n += group {
		m := f.Samples[n+group-1]
		m.Received = 0
		for _, s := range f.Samples[n : n+group] {
			m.Received += s.Received / float64(group)
		}
		out = append(out, m)
	}
	return out
}
