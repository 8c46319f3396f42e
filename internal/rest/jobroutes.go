package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// startBody is the body of a call that starts a job.
type startBody interface {
	room() EgressRoom
	request() (job.Request, *job.FieldError)
}

type startInput[B startBody] struct {
	Body B
}

// startRoute registers a call that starts a job. answer makes its answer of the job that runs.
func startRoute[B startBody, O any](a *API, op huma.Operation, answer func(context.Context, record.Job) (*O, error)) {
	op.Method = http.MethodPost
	secured(a, op, func(ctx context.Context, who Caller, in *startInput[B]) (*O, error) {
		j, err := a.start(ctx, who, in.Body)
		if err != nil {
			return nil, err
		}
		return answer(ctx, j)
	})
}

// answerText answers every start with a published sentence.
func answerText(text string) func(context.Context, record.Job) (*textOutput, error) {
	return func(context.Context, record.Job) (*textOutput, error) { return textAnswer(text), nil }
}

// stopBody is the body of a call that stops a job. An id that is given must be that of the job that runs.
type stopBody interface {
	job() (roomID, id string, q job.StopRequest)
}

type stopInput[B stopBody] struct {
	Body B
}

// jobsQuery is the query of a list of jobs.
type jobsQuery interface{ selection() jobSelection }

// jobSelection is which jobs of a kind a list holds. "" selects all.
type jobSelection struct {
	page                    PageQuery
	rooms                   []string // each names the one room, or is ""
	sessionID, id           string
	participantID, sourceID string
	status                  string // a word of transcodingStates
}

// namedJob is the path of one job.
type namedJob interface{ id() string }

// jobResource is one kind of job under REST: what can be done with its jobs once they have started, and the words of
// the document and of the published answers.
type jobResource[T any] struct {
	kinds        []job.Kind
	path, tag    string
	name, plural string // in the ids of the operations
	param        string // name of the id in the paths of R and D
	show         func(context.Context, []record.Job) ([]T, error)

	stop, list, read, remove string // summaries
	stopped, removed         string // answers
}

// jobRoutes registers stop and end, list, read and delete of a kind of job that runs in a meeting: B is the body of
// stop, L the query of the list, R the path and query of read, and D the path of delete.
func jobRoutes[B stopBody, L jobsQuery, R, D namedJob, T any](a *API, r jobResource[T]) {
	tags := []string{r.tag}
	for _, verb := range []string{"stop", "end"} { // the published pages have both
		secured(a, huma.Operation{
			OperationID: verb + "-" + r.name, Method: http.MethodPost, Path: r.path + "/" + verb,
			Summary: r.stop, Tags: tags, Responses: textResponse(),
		}, func(ctx context.Context, who Caller, in *stopInput[B]) (*textOutput, error) {
			roomID, id, q := in.Body.job()
			q.Kind = r.kinds[0]
			if err := a.stop(ctx, who, roomID, id, q); err != nil {
				return nil, err
			}
			return textAnswer(r.stopped), nil
		})
	}
	resourceRoutes[L, R, D](a, r, func(info PageInfo, data []T) Page[T] { return Page[T]{info, data} })
}

// resourceRoutes registers list, read and delete of a kind of job; jobRoutes has the parameters. page makes a page of
// the list, of the type P.
func resourceRoutes[L jobsQuery, R, D namedJob, T, P any](a *API, r jobResource[T], page func(PageInfo, []T) P) {
	tags := []string{r.tag}
	secured(a, huma.Operation{
		OperationID: "list-" + r.plural, Method: http.MethodGet, Path: r.path, Summary: r.list, Tags: tags,
	}, func(ctx context.Context, who Caller, in *L) (*body[P], error) {
		want := (*in).selection()
		list, err := a.jobs(ctx, who, r.kinds, want)
		if err != nil {
			return nil, err
		}
		data, err := r.show(ctx, list.Items)
		return answer(page(want.page.info(list.Total), data), err)
	})
	id := "/{" + r.param + "}"
	secured(a, huma.Operation{
		OperationID: "get-" + r.name, Method: http.MethodGet, Path: r.path + id, Summary: r.read, Tags: tags,
	}, func(ctx context.Context, who Caller, in *R) (*body[T], error) {
		j, err := a.job(ctx, who, (*in).id(), r.kinds...)
		if err != nil {
			return nil, err
		}
		return single(r.show(ctx, []record.Job{j}))
	})
	secured(a, huma.Operation{
		OperationID: "delete-" + r.name, Method: http.MethodDelete, Path: r.path + id,
		Summary: r.remove, Tags: tags, Responses: textResponse(),
	}, func(ctx context.Context, who Caller, in *D) (*textOutput, error) {
		if err := a.remove(ctx, who, (*in).id(), r.kinds...); err != nil {
			return nil, err
		}
		return textAnswer(r.removed), nil
	})
}

// answer returns a whole answer, unless making it failed.
func answer[T any](value T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{value}, nil
}

// single returns the only element of a list as a whole answer.
func single[T any](list []T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{list[0]}, nil
}
