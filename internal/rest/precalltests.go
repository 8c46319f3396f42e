package rest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/precall"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// PreCall bounds pre-call tests.
type PreCall interface {
	// Report counts the report of a test, and reports whether it is the first one.
	Report(of precall.Client, testID string) (first bool, err error)
}

// maxPreCallReport bounds the body of one report.
const maxPreCallReport = 16 << 10

// PreCallReport is what a client found out in a pre-call test.
type PreCallReport struct {
	TestID         string          `json:"testId" minLength:"16" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" doc:"Made by the client; the one with which it joined the test. A test is reported once."`
	Aborted        bool            `json:"aborted" doc:"The test was stopped before its end."`
	AudioOnly      bool            `json:"audioOnly,omitempty"`
	DurationMs     int64           `json:"durationMs" minimum:"0" maximum:"3600000"`
	Checks         []PreCallCheck  `json:"checks" minItems:"1" maxItems:"12" doc:"In the order in which they were made."`
	NetworkQuality *PreCallNetwork `json:"networkQuality,omitempty" doc:"Absent where no media flowed."`
	Client         PreCallClient   `json:"client"`
}

// PreCallCheck is one check, as it is reported.
type PreCallCheck struct {
	PreCallResult
	Fault *PreCallFault `json:"fault,omitempty" doc:"Of a check that failed."`
}

// PreCallResult is what one check found, besides its fault.
type PreCallResult struct {
	Name       string             `json:"name" enum:"camera,microphone,speaker,signaling,udp,tcp,turn,network" doc:"What was checked; udp, tcp and turn each alone, network with the way that a meeting takes."`
	Status     string             `json:"status" enum:"passed,failed,skipped,aborted" doc:"skipped: not asked for, or there is nothing to check."`
	DurationMs int64              `json:"durationMs" minimum:"0" maximum:"3600000"`
	Device     string             `json:"device,omitempty" maxLength:"256" doc:"Label of the device."`
	Values     map[string]float64 `json:"values,omitempty" doc:"What was measured, such as connectMs, rttMs, jitterMs, packetLoss in percent, uplinkBps, downlinkBps, level from 0 to 1, width, height and fps. At most 16."`
}

// PreCallFault names a fault: the server makes its text from the catalogue.
type PreCallFault struct {
	Code    int            `json:"code" minimum:"0" maximum:"9999"`
	Reason  string         `json:"reason" maxLength:"64"`
	ID      string         `json:"id" maxLength:"64" doc:"flt_ and a ULID."`
	Details map[string]any `json:"details,omitempty"`
}

// PreCallNetwork is how media flowed in both directions, in the published shape.
type PreCallNetwork struct {
	AudioOnly bool             `json:"audioOnly,omitempty"`
	Uplink    PreCallDirection `json:"uplink"`
	Downlink  PreCallDirection `json:"downlink"`
}

// PreCallDirection is one direction.
type PreCallDirection struct {
	Quality int           `json:"quality" minimum:"0" maximum:"5" doc:"The worse of audio and video: 1 (bad) to 5 (excellent), 0 unknown."`
	Factors []string      `json:"factors,omitempty" maxItems:"8" doc:"What lowers the quality: rtt, packetLoss, jitter, bandwidth, cpu, freeze, framesDropped."`
	Audio   *PreCallMedia `json:"audio,omitempty"`
	Video   *PreCallMedia `json:"video,omitempty"`
}

// PreCallMedia is one kind of media in one direction. What does not apply or is not known is absent.
type PreCallMedia struct {
	Quality                 int      `json:"quality" minimum:"0" maximum:"5"`
	RTT                     *float64 `json:"rtt,omitempty" doc:"Round trip in ms."`
	Bitrate                 *float64 `json:"bitrate,omitempty" doc:"Bits per second."`
	PacketLoss              *float64 `json:"packetLoss,omitempty" doc:"In percent."`
	Jitter                  *float64 `json:"jitter,omitempty" doc:"In ms."`
	BytesSent               *float64 `json:"bytesSent,omitempty"`
	BytesReceived           *float64 `json:"bytesReceived,omitempty"`
	FPS                     *float64 `json:"fps,omitempty"`
	Resolution              string   `json:"resolution,omitempty" maxLength:"16" doc:"WIDTHxHEIGHT."`
	QualityLimitationReason string   `json:"qualityLimitationReason,omitempty" maxLength:"16"`
	FramesDropped           *float64 `json:"framesDropped,omitempty"`
	FramesDroppedRatio      *float64 `json:"framesDroppedRatio,omitempty" doc:"In percent."`
	FreezeCount             *float64 `json:"freezeCount,omitempty"`
	TotalFreezesDuration    *float64 `json:"totalFreezesDuration,omitempty" doc:"In seconds."`
}

// PreCallClient is the software that made the test.
type PreCallClient struct {
	SDKType          string `json:"sdkType,omitempty" maxLength:"256"`
	SDKVersion       string `json:"sdkVersion,omitempty" maxLength:"256"`
	Platform         string `json:"platform,omitempty" maxLength:"256"`
	BrowserUserAgent string `json:"browserUserAgent,omitempty" maxLength:"512"`
}

// PreCallTest is a kept report in a list.
type PreCallTest struct {
	ID        string        `json:"id" doc:"pct_ and 26 characters."`
	AccountID string        `json:"accountId"`
	CreatedAt fault.Instant `json:"createdAt" doc:"When it was reported."`
	Outcome   string        `json:"outcome" enum:"passed,failed,aborted" doc:"failed: a check has failed; aborted: none has, and the test was stopped."`
	Failed    []string      `json:"failed" doc:"Names of the checks that failed."`
	SDK       string        `json:"sdk" doc:"Software of the client with its version: web/0.9.0."`
	Browser   string        `json:"browser" doc:"Browser and its main version: Chrome/141. \"\" for none."`
}

// PreCallTestView is a kept report.
type PreCallTestView struct {
	PreCallTest
	PreCallFindings
}

// PreCallFindings is the part of a report that is kept as a document.
type PreCallFindings struct {
	TestID         string               `json:"testId"`
	Aborted        bool                 `json:"aborted"`
	AudioOnly      bool                 `json:"audioOnly"`
	DurationMs     int64                `json:"durationMs"`
	Checks         []PreCallCheckResult `json:"checks"`
	NetworkQuality *PreCallNetwork      `json:"networkQuality,omitempty"`
	Client         PreCallClient        `json:"client"`
}

// PreCallCheckResult is one check of a kept report.
type PreCallCheckResult struct {
	PreCallResult
	Fault *Fault `json:"fault,omitempty"`
}

// PreCallQuery filters reports.
type PreCallQuery struct {
	PageQuery
	Outcome string `query:"outcome" enum:"passed,failed,aborted"`
}

type (
	preCallReportInput struct {
		Body PreCallReport
	}
	preCallPath struct {
		ReportID string `path:"reportId" maxLength:"64" doc:"The id of the report: pct_ and 26 characters."`
	}
	adminPreCallQuery struct {
		PreCallQuery
		AccountID string `query:"accountId" maxLength:"64"`
	}
)

func (a *API) preCallRoutes() {
	tags := []string{"Pre-call tests"}
	huma.Register(a.huma, huma.Operation{
		OperationID: "report-pre-call-test", Method: http.MethodPost, Path: "/v2/pre-call-tests",
		Summary: "Keep the report of a pre-call test", Tags: tags,
		Description: "The SDKs send it at the end of a test, with the token of the participant. One report has at most " +
			"16 KiB. A test that was never joined counts as one that was started: past limit.preCallTestsPerAddress and " +
			"limit.preCallTestsPerToken it is refused with 4106.",
		Security:        []map[string][]string{{"participant": {}}},
		BodyReadTimeout: -1, // the router has read it
	}, a.reportPreCallTest)
	secured(a, huma.Operation{
		OperationID: "list-pre-call-tests", Method: http.MethodGet, Path: "/v2/pre-call-tests",
		Summary: "List the reports of pre-call tests, newest first", Tags: tags,
	}, func(ctx context.Context, who Caller, in *PreCallQuery) (*body[Page[PreCallTest]], error) {
		return a.preCallTests(ctx, who.Account.ID, *in)
	})
	secured(a, huma.Operation{
		OperationID: "get-pre-call-test", Method: http.MethodGet, Path: "/v2/pre-call-tests/{reportId}",
		Summary: "Read the report of a pre-call test", Tags: tags,
	}, func(ctx context.Context, who Caller, in *preCallPath) (*body[PreCallTestView], error) {
		return a.preCallTest(ctx, who.Account.ID, in.ReportID)
	})
	adminTags := []string{"Admin: overview"}
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-pre-call-tests", Method: http.MethodGet, Path: "/admin/v1/pre-call-tests",
		Summary: "List the reports of pre-call tests, newest first", Tags: adminTags,
	}, func(ctx context.Context, in *adminPreCallQuery) (*body[Page[PreCallTest]], error) {
		return a.preCallTests(ctx, in.AccountID, in.PreCallQuery)
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-get-pre-call-test", Method: http.MethodGet, Path: "/admin/v1/pre-call-tests/{reportId}",
		Summary: "Read the report of a pre-call test", Tags: adminTags,
	}, func(ctx context.Context, in *preCallPath) (*body[PreCallTestView], error) {
		return a.preCallTest(ctx, "", in.ReportID)
	})
}

// authorizePreCallTest returns who reports a test.
func (a *API) authorizePreCallTest(ctx context.Context) (gate.Tester, error) {
	client := ratelimit.ClientOf(ctx)
	if err := a.opts.Limiter.CheckToken(client); err != nil {
		return gate.Tester{}, err
	}
	who, err := a.opts.Gate.PreCallTest(ctx, tokenOf(requestOf(ctx)))
	if err != nil {
		return who, a.opts.Limiter.Refused(client, err)
	}
	scopeOf(ctx).accountID = who.Account.ID
	return who, a.count(ctx, who.APIKey)
}

// tokenOf returns the token of a request: the header Authorization as it is, or what follows `Bearer `.
func tokenOf(r *http.Request) string {
	const scheme = "Bearer "
	raw := r.Header.Get("Authorization")
	if len(raw) > len(scheme) && strings.EqualFold(raw[:len(scheme)], scheme) {
		return strings.TrimLeft(raw[len(scheme):], " ")
	}
	return raw
}

// reportPreCallTest keeps a report.
func (a *API) reportPreCallTest(ctx context.Context, in *preCallReportInput) (*body[PreCallTestView], error) {
	who, err := a.authorizePreCallTest(ctx)
	if err != nil {
		return nil, err
	}
	if len(scopeOf(ctx).body) > maxPreCallReport {
		return nil, fault.InvalidMessageTooLarge(maxPreCallReport)
	}
	ident.Normalize(in)
	report := in.Body
	view, err := a.findings(ctx, report)
	if err != nil {
		return nil, err
	}
	first, err := a.opts.PreCall.Report(precall.Client{
		AccountID: who.Account.ID, TokenSum: who.TokenSum, Address: ratelimit.ClientOf(ctx),
	}, report.TestID)
	if err != nil {
		return nil, err
	}
	if !first {
		return nil, fault.InvalidMessageBadParams(methodOf(ctx), "testId", "was reported before")
	}
	client := wire.ClientInfo(report.Client).FaultClient()
	kept := record.PreCallTest{
		ID: "pct_" + strings.ToLower(
			rand.Text(),
		), AccountID: who.Account.ID, CreatedAt: time.Now().Truncate(time.Millisecond),
		Outcome: "passed", Failed: []string{}, SDK: client.SDK, Browser: client.Browser,
	}
	for _, check := range report.Checks {
		if check.Status == "failed" {
			kept.Failed = append(kept.Failed, check.Name)
		}
	}
	switch {
	case len(kept.Failed) > 0:
		kept.Outcome = "failed"
	case report.Aborted:
		kept.Outcome = "aborted"
	}
	if kept.Report, err = json.Marshal(view); err != nil {
		return nil, err
	}
	if err := a.opts.Store.SavePreCallTest(ctx, kept, a.opts.PreCallKept); err != nil {
		return nil, storeFault(err)
	}
	return answer(PreCallTestView{preCallTest(kept), view}, nil)
}

// findings judges a report, and makes the texts of its faults.
func (a *API) findings(ctx context.Context, report PreCallReport) (PreCallFindings, error) {
	view := PreCallFindings{
		TestID: report.TestID, Aborted: report.Aborted, AudioOnly: report.AudioOnly, DurationMs: report.DurationMs,
		NetworkQuality: report.NetworkQuality, Client: report.Client,
	}
	refuse := func(at, problem string) error { return fault.InvalidMessageBadParams(methodOf(ctx), at, problem) }
	named := map[string]bool{}
	for i, check := range report.Checks {
		at := fmt.Sprintf("checks[%d]", i)
		switch {
		case named[check.Name]:
			return view, refuse(at+".name", fmt.Sprintf("is %s a second time", check.Name))
		case (check.Status == "failed") != (check.Fault != nil):
			return view, refuse(at+".fault", "must be there for a check that failed, and for no other one")
		case len(check.Values) > 16:
			return view, refuse(at+".values", fmt.Sprintf("has %d members; the limit is 16", len(check.Values)))
		}
		named[check.Name] = true
		result := PreCallCheckResult{PreCallResult: check.PreCallResult}
		if check.Fault != nil {
			f, err := fault.Rebuild(fault.Error{
				Code: check.Fault.Code, Reason: check.Fault.Reason, ID: check.Fault.ID, Details: check.Fault.Details,
			})
			if err != nil {
				return view, refuse(at+".fault", err.Error())
			}
			shown := Fault(*a.present(requestOf(ctx), f))
			result.Fault = &shown
		}
		view.Checks = append(view.Checks, result)
	}
	return view, nil
}

func (a *API) preCallTests(
	ctx context.Context, accountID string, query PreCallQuery,
) (*body[Page[PreCallTest]], error) {
	list, err := a.opts.Store.PreCallTests(ctx, accountID, query.Outcome, query.page())
	if err != nil {
		return nil, storeFault(err)
	}
	page := Page[PreCallTest]{query.info(list.Total), []PreCallTest{}}
	for _, kept := range list.Items {
		page.Data = append(page.Data, preCallTest(kept))
	}
	return answer(page, nil)
}

// preCallTest reads a report; accountID "" reads that of any account.
func (a *API) preCallTest(ctx context.Context, accountID, id string) (*body[PreCallTestView], error) {
	kept, err := a.opts.Store.PreCallTest(ctx, accountID, id)
	if notFound(err) {
		return nil, fault.NotFoundPreCallTest(id)
	}
	if err != nil {
		return nil, storeFault(err)
	}
	view := PreCallTestView{PreCallTest: preCallTest(kept)}
	if err := json.Unmarshal(kept.Report, &view.PreCallFindings); err != nil {
		return nil, fmt.Errorf("the report of %s: %w", id, err)
	}
	return answer(view, nil)
}

func preCallTest(t record.PreCallTest) PreCallTest {
	return PreCallTest{
		ID: t.ID, AccountID: t.AccountID, CreatedAt: fault.InstantOf(t.CreatedAt.UTC()), Outcome: t.Outcome,
		Failed: t.Failed, SDK: t.SDK,
		Browser: t.Browser,
	}
}
