package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// AuditEntry is one change that was made over the console or with the admin token.
type AuditEntry struct {
	ID               int64             `json:"id"`
	At               fault.Instant     `json:"at"`
	AccountID        string            `json:"accountId" doc:"The account that was changed; \"\" where it was none."`
	Actor            string            `json:"actor" enum:"admin-token,operator,developer,support"`
	ConsoleSessionID string            `json:"consoleSessionId" doc:"\"\" for the admin token."`
	Address          string            `json:"address" doc:"Of the client."`
	Route            string            `json:"route" doc:"Method and path, with names for what varies."`
	IDs              map[string]string `json:"ids" doc:"What the request named and what it made: roomId, apiKey and the like."`
	Status           int               `json:"status" doc:"The HTTP status of the answer."`
	Code             int               `json:"code" doc:"Of the fault; 0 where the change was made."`
	Reason           string            `json:"reason"`
	FaultID          string            `json:"faultId"`
}

type (
	// AuditQuery selects entries.
	AuditQuery struct {
		PageQuery
		Actor            string    `query:"actor" enum:"admin-token,operator,developer,support"`
		ConsoleSessionID string    `query:"consoleSessionId" maxLength:"64"`
		Since            time.Time `query:"since" doc:"RFC 3339; inclusive."`
		Until            time.Time `query:"until" doc:"RFC 3339; inclusive."`
	}
	adminAuditInput struct {
		AuditQuery
		AccountID string `query:"accountId" maxLength:"64"`
	}
)

func (a *API) auditRoutes() {
	secured(a, huma.Operation{
		OperationID: "list-audit", Method: http.MethodGet, Path: "/v2/audit", Tags: []string{"Audit log"},
		Summary: "List the changes of the account made over the console and with the admin token, newest first",
	}, func(ctx context.Context, who Caller, in *AuditQuery) (*body[Page[AuditEntry]], error) {
		if err := mayUse(who, record.Meeting{}, "the whole account"); err != nil {
			return nil, err
		}
		return a.changes(ctx, in, who.Account.ID)
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-audit", Method: http.MethodGet, Path: "/admin/v1/audit", Tags: []string{"Audit log"},
		Summary: "List the changes made over the console and with the admin token, newest first",
	}, func(ctx context.Context, in *adminAuditInput) (*body[Page[AuditEntry]], error) {
		return a.changes(ctx, &in.AuditQuery, in.AccountID)
	})
}

func (a *API) changes(ctx context.Context, in *AuditQuery, accountID string) (*body[Page[AuditEntry]], error) {
	list, err := a.opts.Store.Changes(ctx, record.ChangeFilter{
		AccountID: accountID, Actor: in.Actor, SessionID: in.ConsoleSessionID, From: in.Since, To: in.Until,
	}, in.page())
	if err != nil {
		return nil, storeFault(err)
	}
	page := Page[AuditEntry]{in.info(list.Total), []AuditEntry{}}
	for _, c := range list.Items {
		if c.IDs == nil {
			c.IDs = map[string]string{}
		}
		page.Data = append(page.Data, AuditEntry{
			ID: c.ID, At: fault.InstantOf(c.At), AccountID: c.AccountID, Actor: c.Actor,
			ConsoleSessionID: c.SessionID, Address: c.Address,
			Route: c.Route, IDs: c.IDs, Status: c.Status, Code: c.Code, Reason: c.Reason, FaultID: c.FaultID,
		})
	}
	return &body[Page[AuditEntry]]{page}, nil
}

// audit puts a request that changes something into the audit log, once its handler has returned out and err, where it
// was made with the cookie of the console or with the admin token.
func (a *API) audit(ctx context.Context, out any, err error) {
	r, scope := requestOf(ctx), scopeOf(ctx)
	if a.opts.Console == nil || isSafe(r.Method) || scope.console == nil && !scope.admin {
		return
	}
	c := record.Change{Actor: record.ActorAdminToken, Route: scope.operation, Status: http.StatusOK}
	if s := scope.console; s != nil {
		c.Actor, c.SessionID = string(s.Role), s.ID
	}
	c.IDs = auditIDs(scope, out)
	c.AccountID = scope.accountID
	if c.AccountID == "" {
		c.AccountID = c.IDs["accountId"]
	}
	if err != nil {
		f := fault.From(err)
		c.Status, c.Code, c.Reason, c.FaultID = f.HTTPStatus(), f.Code, f.Reason, f.ID
	}
	a.opts.Console.Record(ctx, c)
}

const (
	maxAuditIDs = 16
	maxAuditID  = 128 // bytes of one
)

var pathName = regexp.MustCompile(`\{(\w+)\}`)

// auditIDs collects what a request names and makes: the variables of its path, and the ids in its body and its answer.
// No other field is kept, for it may be a secret.
func auditIDs(scope *scope, out any) map[string]string {
	ids := map[string]string{}
	add := func(name, value string) {
		if _, known := ids[name]; !known && value != "" && len(value) <= maxAuditID && len(ids) < maxAuditIDs {
			ids[name] = value
		}
	}
	for _, match := range pathName.FindAllStringSubmatch(scope.operation, -1) {
		add(match[1], scope.pathValue(match[1]))
	}
	addFields := func(text []byte) {
		var fields map[string]json.RawMessage
		_ = json.Unmarshal(text, &fields) // what is no object has none
		for name, raw := range fields {
			var value string
			if isIDName(name) && json.Unmarshal(raw, &value) == nil {
				add(name, value)
			}
		}
	}
	addFields(scope.body)
	if answer := reflect.ValueOf(out); answer.Kind() == reflect.Pointer && !answer.IsNil() &&
		answer.Elem().Kind() == reflect.Struct {
		if content := answer.Elem().FieldByName("Body"); content.IsValid() {
			text, err := json.Marshal(content.Interface())
			if err == nil {
				addFields(text)
			}
		}
	}
	if id, ok := ids["id"]; ok && strings.HasPrefix(scope.operation, http.MethodPost+" /admin/v1/accounts") {
		add("accountId", id)
	}
	return ids
}

// isIDName reports whether a field holds an id, which is never secret.
func isIDName(name string) bool {
	return name == "id" || strings.HasSuffix(name, "Id") || name == "apiKey" || name == "apikey"
}
