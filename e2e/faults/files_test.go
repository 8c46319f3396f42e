package faults

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
)

// fileScenarios are files that participants cannot upload or fetch.
var fileScenarios = scenarios{
	"3074.TOO_LARGE": func(t *T) {
		f := t.rest(t.Account().Token(t), http.MethodPost, "/base64-upload?roomId="+t.Meeting(), strings.Repeat(" ", 15<<20))
		require.EqualValues(t, 10<<20, f.Details["limitBytes"])
	},
	"3074.MEETING_FULL": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.TemporaryFileMB, c.Limit.TemporaryFilesMB = 1, 1 })
		account := h.Account(t, nil)
		path := "/base64-upload?roomId=" + account.Meeting(t, nil)
		file := map[string]any{"fileName": "a", "base64Data": strings.Repeat("AAAA", 200<<10)}
		status, answer := h.REST(t, account.Token(t), http.MethodPost, path, file)
		require.Equal(t, http.StatusOK, status, string(answer))
		status, answer = h.REST(t, account.Token(t), http.MethodPost, path, file)
		t.ReadFrom(h, testserver.Refused(t, status, answer))
	},
	"3075.NOT_FOUND": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodGet, "/temporary-files/"+t.Meeting()+"/nosuch", nil)
	},
	"3075.EXPIRED": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Storage.TemporaryLife = time.Millisecond })
		account := h.Account(t, nil)
		token := account.Token(t)
		status, answer := h.REST(t, token, http.MethodPost, "/base64-upload?roomId="+account.Meeting(t, nil),
			map[string]any{"fileName": "a", "base64Data": "eA=="})
		require.Equal(t, http.StatusOK, status, string(answer))
		var uploaded struct{ URL string }
		require.NoError(t, json.Unmarshal(answer, &uploaded))
		require.Eventually(t, func() bool {
			status, answer = h.REST(t, token, http.MethodGet, strings.TrimPrefix(uploaded.URL, h.URL), nil)
			return status != http.StatusOK
		}, testserver.Timeout, 10*time.Millisecond)
		t.ReadFrom(h, testserver.Refused(t, status, answer))
	},
}

// fetchIn is fetchBase64File of that address.
const fetchIn = `await meeting.fetchBase64File({ token: "x.y.z", url: "http://elsewhere/temporary-files/a/b" })`

var filePages = pageScenarios{
		"3074.REFUSED": func(p *tab) {
			p.navigate("/")
			p.joins("ann")
			f := p.fails(`await meeting.uploadBase64File({ token: "x.y.z", fileName: "a.txt", base64Data: "eA==" })`)
			require.NotEmpty(p, f.CauseID)
			require.Contains(p, f.Details["problem"], "4002 INVALID_TOKEN MALFORMED: ")
			p.checkEvent(f)
		},
		"3074.NO_ANSWER": func(p *tab) {
			p.navigate("/")
			p.joins("ann")
			p.run(`globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch")); Promise.resolve(true)`, nil)
			f := p.fails(`await meeting.uploadBase64File({ token: "x.y.z", fileName: "a.txt", base64Data: "eA==" })`)
			require.Equal(p, p.Server.URL+"/base64-upload", f.Details["url"])
			p.checkEvent(f)
		},
		"3075.REFUSED": func(p *tab) {
			p.navigate("/")
			p.joins("ann")
			f := p.fails(fetchIn)
			require.NotEmpty(p, f.CauseID)
			p.checkEvent(f)
		},
		"3075.NO_ANSWER": func(p *tab) {
			p.navigate("/")
			p.joins("ann")
			p.run(`globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch")); Promise.resolve(true)`, nil)
			f := p.fails(fetchIn)
			require.Equal(p, p.Server.URL+"/temporary-files/a/b", f.Details["url"])
			p.checkEvent(f)
		},
}
