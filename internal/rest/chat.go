package rest

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
)

type chatOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// getChat returns the persisted messages of a session that everybody in it could read. Others stay between those who
// wrote and read them: the token of a participant, without roles, is one of an administrator too. It takes the token of
// any other call: a link that opens without one would be a secret in a URL.
func (a *API) getChat(ctx context.Context, who Caller, in *SessionPath) (*chatOutput, error) {
	session, err := a.session(ctx, who, in.SessionID)
	if err != nil {
		return nil, err
	}
	messages, err := a.opts.Store.Messages(ctx, who.Account.ID, session.ID)
	if err != nil {
		return nil, storeFault(err)
	}
	var text bytes.Buffer
	table := csv.NewWriter(&text)
	rows := [][]string{{"id", "timestamp", "topic", "senderId", "senderName", "message", "payload"}}
	for _, m := range messages {
		rows = append(rows, []string{
			m.ID, m.Timestamp.String(), cell(m.Topic), cell(m.SenderID), cell(m.SenderName),
			cell(m.Message), cell(string(m.Payload)),
		})
	}
	if err := table.WriteAll(rows); err != nil {
		return nil, err
	}
	return &chatOutput{"text/csv; charset=utf-8", `attachment; filename="chat.csv"`, text.Bytes()}, nil
}

// cell keeps a spreadsheet from running what a participant wrote: a quote in front makes it text.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
