package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/internal/record"
)

type (
	incidentPath struct {
		IncidentID string `path:"incidentId" maxLength:"64"`
	}
	listIncidentsInput struct {
		PageQuery
		Status         string `query:"status" enum:"open,acknowledged,resolved"`
		Severity       string `query:"severity" enum:"info,warning,critical"`
		MetricCategory string `query:"metricCategory" maxLength:"64"`
		Domain         string `query:"domain" enum:"rtc,agent" doc:"agent is not offered."`
		Query          string `query:"query" maxLength:"200" doc:"A text in the id, the metric, the name of the rule, the summary or the description."`
	}
)

func (a *API) incidentRoutes(tags []string) {
	const path = "/v2/incidents"
	ofAccount(a, huma.Operation{
		OperationID: "list-incidents", Method: http.MethodGet, Path: path, Tags: tags,
		Summary: "List incidents, newest first",
	}, func(ctx context.Context, who Caller, in *listIncidentsInput) (*body[Page[record.IncidentBody]], error) {
		if err := checkDomain(ctx, in.Domain); err != nil {
			return nil, err
		}
		list, err := a.opts.Store.Incidents(ctx, who.Account.ID, record.IncidentFilter{
			Status: in.Status, Severity: in.Severity, Category: in.MetricCategory, Text: in.Query,
		}, in.page())
		if err != nil {
			return nil, storeFault(err)
		}
		page := Page[record.IncidentBody]{in.info(list.Total), []record.IncidentBody{}}
		for _, incident := range list.Items {
			page.Data = append(page.Data, incident.Body())
		}
		return &body[Page[record.IncidentBody]]{page}, nil
	})
	ofAccount(a, huma.Operation{
		OperationID: "get-incident", Method: http.MethodGet, Path: path + "/{incidentId}", Tags: tags,
		Summary: "Read an incident with what happened to it",
	}, func(ctx context.Context, who Caller, in *incidentPath) (*body[record.IncidentBody], error) {
		incident, err := a.opts.Store.Incident(ctx, who.Account.ID, in.IncidentID)
		if err != nil {
			return nil, alertFault(err)
		}
		return &body[record.IncidentBody]{incident.Body()}, nil
	})
	ofAccount(a, huma.Operation{
		OperationID: "acknowledge-incident", Method: http.MethodPut, Path: path + "/{incidentId}/acknowledge", Tags: tags,
		Summary: "Note that somebody looks after an incident; it goes on",
	}, func(ctx context.Context, who Caller, in *incidentPath) (*body[record.IncidentBody], error) {
		incident, changed, err := a.opts.Store.AcknowledgeIncident(ctx, who.Account.ID, in.IncidentID, byRequest(ctx,
			"acknowledged"))
		if err != nil {
			return nil, alertFault(err)
		}
		if changed {
			a.incidentChanged(&incident)
		}
		return &body[record.IncidentBody]{incident.Body()}, nil
	})
	ofAccount(a, huma.Operation{
		OperationID: "resolve-incident", Method: http.MethodPut, Path: path + "/{incidentId}/resolve", Tags: tags,
		Summary:     "Resolve an incident",
		Description: "Its rule opens another one when its condition has not held meanwhile.",
	}, func(ctx context.Context, who Caller, in *incidentPath) (*body[record.IncidentBody], error) {
		incident, err := a.opts.Store.ResolveIncident(ctx, who.Account.ID, in.IncidentID, byRequest(ctx, "resolved"))
		if err != nil {
			return nil, alertFault(err)
		}
		a.incidentChanged(&incident)
		return &body[record.IncidentBody]{incident.Body()}, nil
	})
	ofAccount(a, huma.Operation{
		OperationID: "delete-incident", Method: http.MethodDelete, Path: path + "/{incidentId}", Tags: tags,
		Summary: "Delete an incident; one that goes on ends without being announced",
	}, func(ctx context.Context, who Caller, in *incidentPath) (*body[Message], error) {
		if err := a.opts.Store.DeleteIncident(ctx, who.Account.ID, in.IncidentID); err != nil {
			return nil, alertFault(err)
		}
		return &body[Message]{Message{"The incident is deleted."}}, nil
	})
}

// byRequest returns the event of an incident that a request makes.
func byRequest(ctx context.Context, kind string) record.IncidentEvent {
	by := "With a token of the account."
	if session := scopeOf(ctx).console; session != nil {
		by = "In the console, by the " + string(session.Role) + "."
	}
	return record.IncidentEvent{Type: kind, At: alertTime(), By: "user", Detail: by}
}

// incidentChanged tells the event streams of an incident; nil: of none.
func (a *API) incidentChanged(incident *record.AlertIncident) {
	if incident != nil {
		a.opts.Alerts.Changed(*incident)
	}
}
