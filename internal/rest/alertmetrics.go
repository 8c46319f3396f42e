package rest

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/alert"
	"github.com/klatch/klatch/internal/record"
)

// MetricCatalog lists what alert rules can watch.
type MetricCatalog struct {
	Domain     string           `json:"domain" enum:"rtc"`
	Categories []MetricCategory `json:"categories"`
}

// MetricCategory is a group of metrics.
type MetricCategory struct {
	Category string        `json:"category"`
	Metrics  []AlertMetric `json:"metrics"`
}

// AlertMetric is something that an alert rule can watch.
type AlertMetric struct {
	Metric           string   `json:"metric" doc:"For ruleConfig.query.metric."`
	Name             string   `json:"name"`
	Description      string   `json:"description"`
	Unit             string   `json:"unit"`
	Kind             string   `json:"kind" enum:"counted,present,measured" doc:"counted: faults of the window; present: how many there are now; measured: of media, without meetings there is no value."`
	TimeAggregations []string `json:"timeAggregations" doc:"The default first."`
	ReduceTo         []string `json:"reduceTo" doc:"The default first."`
	Filters          []string `json:"filters" doc:"Fields of ruleConfig.query that have an effect."`
	Codes            []int    `json:"codes" doc:"Of the faults that are counted; none: all."`
}

// MetricSeries are the values of a metric over time.
type MetricSeries struct {
	Metric      string        `json:"metric"`
	Unit        string        `json:"unit"`
	From        fault.Instant `json:"from"`
	To          fault.Instant `json:"to"`
	StepSeconds int           `json:"stepSeconds" doc:"Time of one value."`
	Points      []MetricPoint `json:"points" doc:"Oldest first, at most 241. What is measured has none for a step without meetings."`
}

// MetricPoint is the value of one step.
type MetricPoint struct {
	At    fault.Instant `json:"at" doc:"Begin of the step."`
	Value float64       `json:"value"`
}

// MetricParticipants counts the participants that a metric is of.
type MetricParticipants struct {
	Metric           string `json:"metric"`
	WindowSeconds    int    `json:"windowSeconds"`
	ParticipantCount int    `json:"participantCount"`
}

func (a *API) metricRoutes(tags []string) {
	const path = alertRulesPath + "/metrics"
	ofAccount(a, huma.Operation{
		OperationID: "get-alert-metrics", Method: http.MethodGet, Path: path + "/catalog", Tags: tags,
		Summary: "List what alert rules can watch, by category",
	}, func(ctx context.Context, _ Caller, in *metricCatalogInput) (*body[MetricCatalog], error) {
		if err := checkDomain(ctx, in.Domain); err != nil {
			return nil, err
		}
		return &body[MetricCatalog]{metricCatalog()}, nil
	})
	ofAccount(a, huma.Operation{
		OperationID: "query-alert-metric", Method: http.MethodGet, Path: path, Tags: tags,
		Summary: "Read the values of a metric over time",
	}, a.queryMetric)
	ofAccount(a, huma.Operation{
		OperationID: "count-metric-participants", Method: http.MethodGet, Path: path + "/participantCount", Tags: tags,
		Summary:     "Count the participants that a metric is of in the last 5 minutes",
		Description: "Those whose quality was measured, those of the faults that are counted, or those who are present.",
	}, a.countMetricParticipants)
	a.router.ServeMux.HandleFunc("GET "+path+"/models", func(w http.ResponseWriter, r *http.Request) {
		a.write(w, r, a.refuseNotOffered(r, "AI agents"))
	})
}

func metricCatalog() MetricCatalog {
	out := MetricCatalog{Domain: "rtc"}
	for _, m := range alert.Metrics {
		if n := len(out.Categories); n == 0 || out.Categories[n-1].Category != m.Category {
			out.Categories = append(out.Categories, MetricCategory{Category: m.Category})
		}
		shown := AlertMetric{
			Metric: m.Name, Name: m.Title, Description: m.Description, Unit: m.Unit, Kind: string(m.Kind),
			TimeAggregations: m.TimeAggregations(), ReduceTo: m.Reductions(), Filters: []string{}, Codes: m.Codes,
		}
		if m.SelectsFaults() {
			shown.Filters = []string{"code", "reason", "roomId"}
		}
		if shown.Codes == nil {
			shown.Codes = []int{}
		}
		last := &out.Categories[len(out.Categories)-1]
		last.Metrics = append(last.Metrics, shown)
	}
	return out
}

// metric finds the metric of a query.
func metric(ctx context.Context, name string) (alert.Metric, error) {
	m, known := alert.Find(name)
	if !known {
		return m, fault.InvalidMessageBadParams(methodOf(ctx), "metric",
			"it is not one of "+strings.Join(alert.Names(), ", "))
	}
	return m, nil
}

func (a *API) queryMetric(ctx context.Context, who Caller, in *metricQueryInput) (*body[MetricSeries], error) {
	m, err := metric(ctx, in.Metric)
	if err != nil {
		return nil, err
	}
	over, longest := time.Hour, 24*time.Hour
	if in.Window != "" {
		if over, err = time.ParseDuration(in.Window); err != nil {
			return nil, fault.InvalidMessageBadParams(methodOf(ctx), "window", "it is not a duration").Because(err)
		}
	}
	if m.Kind != alert.Counted {
		longest = time.Hour
	}
	if over < alert.Step || over > longest {
		return nil, fault.InvalidMessageBadParams(methodOf(ctx), "window",
			"of "+m.Name+" it is between "+alert.Step.String()+" and "+longest.String())
	}
	now := alertTime()
	points, step, err := a.opts.Alerts.Series(ctx, who.Account.ID, m, over, now)
	if err != nil {
		return nil, storeFault(err)
	}
	out := MetricSeries{
		Metric: m.Name, Unit: m.Unit, From: fault.InstantOf(now.Add(-over)), To: fault.InstantOf(now),
		StepSeconds: int(step / time.Second),
		Points:      []MetricPoint{},
	}
	for _, p := range points {
		out.Points = append(out.Points, MetricPoint{At: fault.InstantOf(p.At), Value: p.Value})
	}
	return &body[MetricSeries]{out}, nil
}

func (a *API) countMetricParticipants(
	ctx context.Context,
	who Caller,
	in *MetricQuery,
) (*body[MetricParticipants], error) {
	m, err := metric(ctx, in.Metric)
	if err != nil {
		return nil, err
	}
	now := alertTime()
	out := MetricParticipants{Metric: m.Name, WindowSeconds: int(alert.RecentWindow / time.Second)}
	switch {
	case m.Kind == alert.Measured:
		out.ParticipantCount = a.opts.Alerts.Measured(ctx, who.Account.ID, now)
	case m.SelectsFaults():
		out.ParticipantCount, err = a.opts.Store.FaultPeople(ctx, record.FaultSteps{
			AccountID: who.Account.ID, Codes: m.Codes, From: now.Add(-alert.RecentWindow), To: now,
		})
	default:
		for _, live := range a.live(ctx, cmp.Or(who.Account.ID, "-")) {
			out.ParticipantCount += live.Participants
		}
	}
	if err != nil {
		return nil, storeFault(err)
	}
	return &body[MetricParticipants]{out}, nil
}
