package fault

import "strings"

// Presentation is how a server presents its faults to readers outside of it: REST, signaling, webhooks, HLS. It is
// applied where the bytes are made; inside of the process a fault has the texts of the catalogue. The zero value
// changes nothing.
type Presentation struct {
	BaseURL  string // public address of the server, without a slash at its end; Docs and ConsoleURL begin with it
	Kept     bool   // the server keeps the faults that it knows: they have a ConsoleURL
	Provider string // stands for "VideoSDK" in published messages
	Support  string // stands for "support@videosdk.live" in published messages
}

// Of returns a copy of f as readers outside see it; nil for nil.
func (p Presentation) Of(f *Error) *Error {
	if f == nil {
		return nil
	}
	shown := *f
	if strings.HasPrefix(shown.Docs, "/") {
		shown.Docs = p.BaseURL + shown.Docs
	}
	entry, known := f.Entry()
	if p.Kept && p.BaseURL != "" && (!known || entry.Origin == "server" || entry.Reported()) && shown.ConsoleURL == "" {
		shown.ConsoleURL = p.BaseURL + "/console/faults/" + f.ID
	}
	if known && entry.Published && f.Message == entry.Message {
		shown.Message = p.message(f.Message)
	}
	return &shown
}

func (p Presentation) message(published string) string {
	if p.Support != "" {
		published = strings.ReplaceAll(published, "support@videosdk.live", p.Support)
	}
	if p.Provider != "" {
		published = strings.ReplaceAll(published, "VideoSDK", p.Provider)
	}
	return published
}
