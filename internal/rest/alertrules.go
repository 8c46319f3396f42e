package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/alert"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

// Alerts evaluates alert rules; alert.Alerts implements it, and internal/server what Changed does.
type Alerts interface {
	Series(ctx context.Context, accountID string, m alert.Metric, over time.Duration, now time.Time) (
		[]alert.Point, time.Duration, error)
	// Measured counts the participants whose quality was measured lately.
	Measured(ctx context.Context, accountID string, now time.Time) int
	// Changed tells the event streams of an incident that a request has changed.
	Changed(incident record.AlertIncident)
}

// Webhooks sends an event once, to see how an endpoint takes it.
type Webhooks interface {
	Try(ctx context.Context, endpoint, event string, body []byte) *fault.Error
}

// AlertRule is an alert rule.
type AlertRule struct {
	ID              string                 `json:"id" doc:"Same as alertRuleId."`
	AlertRuleID     string                 `json:"alertRuleId"`
	UserID          string                 `json:"userId" doc:"The account."`
	Name            string                 `json:"name"`
	Severity        string                 `json:"severity" enum:"info,warning,critical"`
	Description     string                 `json:"description"`
	Summary         string                 `json:"summary" doc:"What incidents are announced with; \"\": what the rule found."`
	Domain          string                 `json:"domain" enum:"rtc"`
	MetricCategory  string                 `json:"metricCategory"`
	RuleConfig      record.AlertRuleConfig `json:"ruleConfig"`
	TimeAggregation string                 `json:"timeAggregation" doc:"\"\": that of the metric."`

	NotificationChannelIDs []string              `json:"notificationChannelIds"`
	NotificationChannels   []NotificationChannel `json:"notificationChannels,omitempty" doc:"In the answers for one rule."`

	Status        string         `json:"status" enum:"active,paused"`
	Version       int            `json:"version" doc:"1, and one more with each change."`
	LastTriggered *fault.Instant `json:"lastTriggered"`
	CreatedAt     fault.Instant  `json:"createdAt"`
	UpdatedAt     fault.Instant  `json:"updatedAt"`
}

// NewAlertRule is what an alert rule is made with.
type NewAlertRule struct {
	Name            string                 `json:"name" minLength:"1" maxLength:"256"`
	Severity        string                 `json:"severity" enum:"info,warning,critical"`
	RuleConfig      record.AlertRuleConfig `json:"ruleConfig"`
	Description     string                 `json:"description,omitempty" maxLength:"2048"`
	Summary         string                 `json:"summary,omitempty" maxLength:"512"`
	Enabled         *bool                  `json:"enabled,omitempty" doc:"Default true. It is shown as status."`
	Domain          string                 `json:"domain,omitempty" enum:"rtc,agent" doc:"agent is not offered."`
	TimeAggregation string                 `json:"timeAggregation,omitempty" enum:"sum,avg,min,max,latest" doc:"How values become one of a step of 15 s; the catalog lists what a metric takes."`

	NotificationChannelIDs []string `json:"notificationChannelIds,omitempty" maxItems:"20"`
}

// ChangedAlertRule is what is changed about an alert rule; what is not given stays.
type ChangedAlertRule struct {
	Name            *string                 `json:"name,omitempty" minLength:"1" maxLength:"256"`
	Severity        *string                 `json:"severity,omitempty" enum:"info,warning,critical"`
	RuleConfig      *record.AlertRuleConfig `json:"ruleConfig,omitempty" doc:"Replaces the whole."`
	Description     *string                 `json:"description,omitempty" maxLength:"2048"`
	Summary         *string                 `json:"summary,omitempty" maxLength:"512"`
	Enabled         *bool                   `json:"enabled,omitempty"`
	Domain          *string                 `json:"domain,omitempty" enum:"rtc,agent" doc:"agent is not offered."`
	TimeAggregation *string                 `json:"timeAggregation,omitempty" enum:"sum,avg,min,max,latest"`

	NotificationChannelIDs *[]string `json:"notificationChannelIds,omitempty" maxItems:"20"`
}

type (
	// AlertRulePath names an alert rule.
	AlertRulePath struct {
		AlertRuleID string `path:"alertRuleId" maxLength:"64"`
	}
	alertRuleAnswer struct {
		AlertRule AlertRule `json:"alertRule"`
	}
	// Message is the answer where nothing is left to be shown.
	Message struct {
		Message string `json:"message"`
	}
	createAlertRuleInput struct{ Body NewAlertRule }
	updateAlertRuleInput struct {
		AlertRulePath
		Body ChangedAlertRule
	}
	listAlertRulesInput struct {
		PageQuery
		Status         string `query:"status" enum:"active,paused"`
		MetricCategory string `query:"metricCategory" maxLength:"64"`
		Domain         string `query:"domain" enum:"rtc,agent" doc:"agent is not offered."`
		Region         string `query:"region" maxLength:"32" doc:"Not offered: alert rules are of all regions."`
	}
	metricCatalogInput struct {
		Domain string `query:"domain" enum:"rtc,agent" doc:"agent is not offered."`
	}
	// MetricQuery names a metric.
	MetricQuery struct {
		Metric string `query:"metric" maxLength:"64" doc:"A metric of the catalog; it is required."`
	}
	metricQueryInput struct {
		MetricQuery
		Window string `query:"window" pattern:"^[1-9][0-9]{0,4}(s|m|h)$" doc:"Such as 90s, 15m or 1h, at most 24h; default 1h. Of what is measured and present one hour is kept."`
	}
)

const alertRulesPath = "/v2/alertRules"

func (a *API) alertRoutes() {
	tags := []string{"Alerts"}
	ofAccount(a, huma.Operation{
		OperationID: "create-alert-rule", Method: http.MethodPost, Path: alertRulesPath, Tags: tags,
		Summary: "Create an alert rule, which opens an incident while its condition holds",
	}, a.createAlertRule)
	ofAccount(a, huma.Operation{
		OperationID: "list-alert-rules", Method: http.MethodGet, Path: alertRulesPath, Tags: tags,
		Summary: "List alert rules, oldest first",
	}, a.listAlertRules)
	ofAccount(a, huma.Operation{
		OperationID: "get-alert-rule", Method: http.MethodGet, Path: alertRulesPath + "/{alertRuleId}", Tags: tags,
		Summary: "Read an alert rule",
	}, func(ctx context.Context, who Caller, in *AlertRulePath) (*body[alertRuleAnswer], error) {
		rule, err := a.opts.Store.AlertRule(ctx, who.Account.ID, in.AlertRuleID)
		if err != nil {
			return nil, alertFault(err)
		}
		return a.alertRuleAnswer(ctx, rule)
	})
	ofAccount(a, huma.Operation{
		OperationID: "update-alert-rule", Method: http.MethodPut, Path: alertRulesPath + "/{alertRuleId}", Tags: tags,
		Summary:     "Change an alert rule",
		Description: "What is not given stays. Where the rule is paused, an incident of it that goes on is resolved.",
	}, a.updateAlertRule)
	ofAccount(a, huma.Operation{
		OperationID: "delete-alert-rule", Method: http.MethodDelete, Path: alertRulesPath + "/{alertRuleId}", Tags: tags,
		Summary: "Delete an alert rule; its incidents stay, one that goes on is resolved",
	}, func(ctx context.Context, who Caller, in *AlertRulePath) (*body[Message], error) {
		resolved, err := a.opts.Store.DeleteAlertRule(ctx, who.Account.ID, in.AlertRuleID, alertTime())
		if err != nil {
			return nil, alertFault(err)
		}
		a.incidentChanged(resolved)
		return &body[Message]{Message{"The alert rule is deleted."}}, nil
	})
	a.metricRoutes(tags)
	a.channelRoutes(tags)
	a.incidentRoutes(tags)
}

// ofAccount is secured for what belongs to the account as a whole: a token for one room may not call it.
func ofAccount[I, O any](a *API, op huma.Operation, handle func(context.Context, Caller, *I) (*O, error)) {
	secured(a, op, func(ctx context.Context, who Caller, in *I) (*O, error) {
		if err := mayUse(who, record.Meeting{}, "the whole account"); err != nil {
			return nil, err
		}
		return handle(ctx, who, in)
	})
}

// alertTime is now, as precisely as it is kept.
func alertTime() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

func (a *API) createAlertRule(
	ctx context.Context,
	who Caller,
	in *createAlertRuleInput,
) (*body[alertRuleAnswer], error) {
	q := in.Body
	rule := record.AlertRule{
		AccountID: who.Account.ID, Name: q.Name, Severity: q.Severity, Description: q.Description, Summary: q.Summary,
		Paused: q.Enabled != nil && !*q.Enabled, TimeAggregation: q.TimeAggregation, Config: q.RuleConfig,
		ChannelIDs: q.NotificationChannelIDs,
	}
	if err := a.checkAlertRule(ctx, who, q.Domain, &rule); err != nil {
		return nil, err
	}
	made, err := a.opts.Store.CreateAlertRule(ctx, rule, alertTime())
	if err != nil {
		return nil, channelOfRule(ctx, err)
	}
	return a.alertRuleAnswer(ctx, made)
}

// checkAlertRule returns why a rule cannot be evaluated, and completes it.
func (a *API) checkAlertRule(ctx context.Context, who Caller, domain string, rule *record.AlertRule) error {
	if err := checkDomain(ctx, domain); err != nil {
		return err
	}
	for _, each := range []struct{ field, text string }{
		{"name", rule.Name}, {"description", rule.Description}, {"summary", rule.Summary},
	} {
		if problem := ident.NameProblem(strings.NewReplacer("\n", " ", "\t", " ").Replace(each.text)); problem != "" {
			return fault.InvalidMessageBadParams(methodOf(ctx), each.field, problem)
		}
	}
	if field, problem := alert.Problem(rule.Config, rule.TimeAggregation); problem != "" {
		return fault.InvalidMessageBadParams(methodOf(ctx), field, problem)
	}
	if id := rule.Config.Query.RoomID; id != "" {
		room, err := a.opts.Store.Meeting(ctx, who.Account.ID, id)
		if notFound(err) {
			return fault.InvalidMeetingIDNotFound(id)
		}
		if err != nil {
			return storeFault(err)
		}
		rule.Config.Query.RoomID = room.ID
	}
	for i, id := range rule.ChannelIDs {
		if slices.Contains(rule.ChannelIDs[:i], id) {
			return fault.InvalidMessageBadParams(methodOf(ctx), "notificationChannelIds", "it names a channel twice")
		}
	}
	if rule.ChannelIDs == nil {
		rule.ChannelIDs = []string{}
	}
	metric, _ := alert.Find(rule.Config.Query.Metric)
	rule.Category = metric.Category
	return nil
}

// checkDomain refuses the domain of AI agents.
func checkDomain(ctx context.Context, domain string) error {
	if domain == "agent" {
		return fault.RequestNotOfferedNotOffered(methodOf(ctx), "domain", "AI agents")
	}
	return nil
}

// channelOfRule returns the fault of a rule that names a channel which is not there.
func channelOfRule(ctx context.Context, err error) error {
	if absent, ok := errors.AsType[*record.NotFoundError](err); ok && absent.Kind == "notification channel" {
		return fault.InvalidMessageBadParams(methodOf(ctx), "notificationChannelIds",
			fmt.Sprintf("the account has no channel %.64s", absent.ID)).Because(err)
	}
	return alertFault(err)
}

// alertFault returns the fault of a failed operation with rules, channels and incidents.
func alertFault(err error) error {
	if absent, ok := errors.AsType[*record.NotFoundError](err); ok {
		switch absent.Kind {
		case "alert rule":
			return fault.NotFoundAlertRule(absent.ID).Because(err)
		case "notification channel":
			return fault.NotFoundNotificationChannel(absent.ID).Because(err)
		case "incident":
			return fault.NotFoundIncident(absent.ID).Because(err)
		}
	}
	if conflict, ok := errors.AsType[*record.ConflictError](err); ok {
		switch {
		case conflict.Kind == "alert_rules":
			return fault.ConflictFull("alert rules", store.MaxAlertRules).Because(err)
		case conflict.Kind == "notification_channels":
			return fault.ConflictFull("notification channels", store.MaxNotificationChannels).Because(err)
		}
		return fault.ConflictState("The "+conflict.Kind, conflict.ID, conflict.State).Because(err)
	}
	return storeFault(err)
}

func (a *API) updateAlertRule(
	ctx context.Context,
	who Caller,
	in *updateAlertRuleInput,
) (*body[alertRuleAnswer], error) {
	q := in.Body
	domain := ""
	if q.Domain != nil {
		domain = *q.Domain
	}
	rule, resolved, err := a.opts.Store.ChangeAlertRule(ctx, who.Account.ID, in.AlertRuleID, alertTime(),
		func(r *record.AlertRule) error {
			replace(&r.Name, q.Name)
			replace(&r.Severity, q.Severity)
			replace(&r.Description, q.Description)
			replace(&r.Summary, q.Summary)
			replace(&r.Config, q.RuleConfig)
			replace(&r.TimeAggregation, q.TimeAggregation)
			replace(&r.ChannelIDs, q.NotificationChannelIDs)
			if q.Enabled != nil {
				r.Paused = !*q.Enabled
			}
			return a.checkAlertRule(ctx, who, domain, r)
		})
	if err != nil {
		return nil, channelOfRule(ctx, err)
	}
	a.incidentChanged(resolved)
	return a.alertRuleAnswer(ctx, rule)
}

// replace sets a value to one that was given.
func replace[T any](value, given *T) {
	if given != nil {
		*value = *given
	}
}

func (a *API) listAlertRules(ctx context.Context, who Caller, in *listAlertRulesInput) (*body[Page[AlertRule]], error) {
	if err := checkDomain(ctx, in.Domain); err != nil {
		return nil, err
	}
	if in.Region != "" {
		return nil, fault.RequestNotOfferedNotOffered(methodOf(ctx), "region", "alert rules of a region")
	}
	list, err := a.opts.Store.AlertRules(ctx, who.Account.ID, record.AlertRuleFilter{
		Status: in.Status, Category: in.MetricCategory,
	}, in.page())
	if err != nil {
		return nil, storeFault(err)
	}
	page := Page[AlertRule]{in.info(list.Total), []AlertRule{}}
	for _, rule := range list.Items {
		page.Data = append(page.Data, alertRuleJSON(rule))
	}
	return &body[Page[AlertRule]]{page}, nil
}

// alertRuleAnswer shows a rule with its channels.
func (a *API) alertRuleAnswer(ctx context.Context, rule record.AlertRule) (*body[alertRuleAnswer], error) {
	shown := alertRuleJSON(rule)
	shown.NotificationChannels = []NotificationChannel{}
	for _, id := range rule.ChannelIDs {
		channel, err := a.opts.Store.NotificationChannel(ctx, rule.AccountID, id)
		if err != nil {
			return nil, alertFault(err)
		}
		shown.NotificationChannels = append(shown.NotificationChannels, channelJSON(channel))
	}
	return &body[alertRuleAnswer]{alertRuleAnswer{shown}}, nil
}

func alertRuleJSON(r record.AlertRule) AlertRule {
	status := "active"
	if r.Paused {
		status = "paused"
	}
	return AlertRule{
		ID: r.ID, AlertRuleID: r.ID, UserID: r.AccountID, Name: r.Name, Severity: r.Severity, Description: r.Description,
		Summary: r.Summary, Domain: "rtc", MetricCategory: r.Category, RuleConfig: r.Config,
		TimeAggregation: r.TimeAggregation, NotificationChannelIDs: emptyIfNil(r.ChannelIDs), Status: status,
		Version: r.Version, LastTriggered: fault.InstantOrNull(r.LastTriggered),
		CreatedAt: fault.InstantOf(r.CreatedAt), UpdatedAt: fault.InstantOf(r.UpdatedAt),
	}
}
