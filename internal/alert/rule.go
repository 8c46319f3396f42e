package alert

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Bounds of the labels of a rule.
const (
	maxLabels     = 16
	maxLabelName  = 64
	maxLabelValue = 256
)

const defaultWindow = 300 * time.Second

// Problem returns the field of a rule that cannot be evaluated and why, or "". Types, ranges and names were checked.
func Problem(config record.AlertRuleConfig, timeAggregation string) (field, problem string) {
	q := config.Query
	m, known := Find(q.Metric)
	switch {
	case !known:
		return "ruleConfig.query.metric", "it is not one of " + strings.Join(Names(), ", ")
	case timeAggregation != "" && !slices.Contains(m.TimeAggregations(), timeAggregation):
		return "timeAggregation", fmt.Sprintf("%s takes %s", m.Name, strings.Join(m.TimeAggregations(), ", "))
	case config.ReduceTo != "" && !slices.Contains(m.Reductions(), config.ReduceTo):
		return "ruleConfig.reduceTo", fmt.Sprintf("%s takes %s", m.Name, strings.Join(m.Reductions(), ", "))
	case math.IsNaN(config.Condition.Threshold) || math.Abs(config.Condition.Threshold) > 1e12:
		return "ruleConfig.condition.threshold", "it is not between -1e12 and 1e12"
	case config.AbsentData != nil && config.AbsentData.Enabled && m.Kind != Measured:
		return "ruleConfig.absentDataAlert.enabled", m.Name + " always has a value; nothing is 0"
	}
	if field, problem := selectorProblem(m, q); problem != "" {
		return "ruleConfig.query." + field, problem
	}
	if len(config.Labels) > maxLabels {
		return "ruleConfig.labels", fmt.Sprintf("there are more than %d", maxLabels)
	}
	for name, value := range config.Labels {
		if name == "" || utf8.RuneCountInString(name) > maxLabelName || utf8.RuneCountInString(value) > maxLabelValue {
			return "ruleConfig.labels", fmt.Sprintf("a name has 1 to %d characters, a value at most %d", maxLabelName,
				maxLabelValue)
		}
	}
	return "", ""
}

// selectorProblem returns which selector of faults has no effect.
func selectorProblem(m Metric, q record.AlertQuery) (field, problem string) {
	for _, each := range []struct {
		field string
		given bool
	}{{"code", q.Code != 0}, {"reason", q.Reason != ""}, {"roomId", q.RoomID != ""}} {
		if each.given && !m.SelectsFaults() {
			return each.field, "it has no effect with " + m.Name + ", which counts no faults"
		}
	}
	if q.Code != 0 && len(m.Codes) > 0 && !slices.Contains(m.Codes, q.Code) {
		return "code", fmt.Sprintf("%s counts faults of the codes %v", m.Name, m.Codes)
	}
	known := slices.ContainsFunc(fault.Catalogue(), func(e fault.Entry) bool {
		return (q.Code == 0 || e.Code == q.Code) && (q.Reason == "" || e.Reason == q.Reason)
	})
	switch {
	case known:
		return "", ""
	case q.Reason != "":
		return "reason", "the catalogue has no such reason" + of(q.Code)
	}
	return "code", "the catalogue has no such code"
}

func of(code int) string {
	if code == 0 {
		return ""
	}
	return fmt.Sprintf(" of %d", code)
}

// window returns the time of a rule's value.
func window(r record.AlertRule) time.Duration {
	if e := r.Config.Evaluation; e != nil && e.WindowSeconds > 0 {
		return time.Duration(e.WindowSeconds) * time.Second
	}
	return defaultWindow
}

// delays returns how long a condition holds before an incident opens, and does not hold before it is resolved.
func delays(r record.AlertRule) (open, resolve time.Duration) {
	if e := r.Config.Evaluation; e != nil {
		return time.Duration(e.ForSeconds) * time.Second, time.Duration(e.ResolveAfterSeconds) * time.Second
	}
	return 0, 0
}

// codesOf returns the codes that a rule counts; none for all.
func codesOf(m Metric, q record.AlertQuery) []int {
	if q.Code != 0 {
		return []int{q.Code}
	}
	return m.Codes
}

// holds reports whether a value meets a condition.
func holds(c record.AlertCondition, value float64) bool {
	switch c.Operator {
	case ">":
		return value > c.Threshold
	case "<":
		return value < c.Threshold
	case "=":
		return value == c.Threshold
	}
	return value != c.Threshold
}

// reduce returns the value of a window of steps. ok is false where there are none.
func reduce(points []Point, how string) (value float64, ok bool) {
	if len(points) == 0 {
		return 0, false
	}
	values := make([]float64, len(points))
	sum := 0.0
	for i, p := range points {
		values[i] = p.Value
		sum += p.Value
	}
	switch how {
	case "sum":
		return sum, true
	case "min":
		return slices.Min(values), true
	case "max":
		return slices.Max(values), true
	case "avg":
		return sum / float64(len(values)), true
	}
	return values[len(values)-1], true
}

// reduction returns how the steps of a rule become one value.
func reduction(m Metric, config record.AlertRuleConfig) string {
	return cmp.Or(config.ReduceTo, m.Reductions()[0])
}

// Sentence returns in words what a rule found.
func Sentence(rule record.AlertRule, cause record.IncidentCause) string {
	if cause.Value == nil {
		return fmt.Sprintf("%s: %s has no values", rule.Name, rule.Config.Query.Metric)
	}
	return fmt.Sprintf("%s: %s is %s, the condition is %s %s", rule.Name, rule.Config.Query.Metric,
		number(*cause.Value), cause.Operator, number(cause.Threshold))
}

func number(v float64) string { return fmt.Sprintf("%.6g", v) }
