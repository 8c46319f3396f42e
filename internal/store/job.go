package store

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

const jobColumns = `j.id, j.kind, j.account_id, j.meeting_id, COALESCE(m.custom_id, ''), j.session_id, j.state, j.config, j.sources,
	j.format, j.targets, j.on_failure, j.webhook_url, j.dir, j.started_by, j.path, j.files, j.fault,
	j.created_at, j.started_at, j.stopped_at, j.ended_at, j.updated_at, j.node, j.incarnation`

const jobFrom = ` FROM egress_jobs j JOIN meetings m ON m.id = j.meeting_id`

func jobFields(j *record.Job) []any {
	return []any{
		&j.ID, &j.Kind, &j.AccountID, &j.MeetingID, &j.CustomID, &j.SessionID, &j.State, jobConfig{j},
		jsonText{&j.Sources},
		&j.Format, jsonText{&j.Targets}, &j.OnFailure, &j.WebhookURL, &j.Dir, jsonText{&j.StartedBy}, &j.Path,
		jsonText{&j.Files},
		jsonText{&j.Fault},
		msTime{&j.CreatedAt}, msTime{&j.StartedAt}, msTime{&j.StoppedAt}, msTime{&j.EndedAt}, msTime{&j.UpdatedAt},
		&j.Node.Name, &j.Node.Incarnation,
	}
}

// jobConfig is the column with the config of a job, which holds the watermarks too.
type jobConfig struct{ of *record.Job }

// configText is the form in which the column has it.
type configText struct {
	job.Config
	Watermarks []job.Watermark `json:"watermarks,omitempty"`
}

func (c jobConfig) MarshalJSON() ([]byte, error) {
	return json.Marshal(configText{c.of.Config, c.of.Watermarks})
}

func (c jobConfig) Scan(src any) error {
	var text configText
	err := jsonText{&text}.Scan(src)
	c.of.Config, c.of.Watermarks = text.Config, text.Watermarks
	return err
}

// CreateJob keeps a new egress job. Its session is in the store.
func (s *Store) CreateJob(ctx context.Context, j record.Job) error {
	return opError("the new job", s.insertJob(ctx, s.write, j))
}

func (s *Store) insertJob(ctx context.Context, c conn, j record.Job) error {
	texts, err := jobJSON(jobConfig{&j}, j.Sources, j.Targets, j.StartedBy, j.Files)
	if err != nil {
		return err
	}
	problem, err := faultJSON(j.Fault)
	if err != nil {
		return err
	}
	participant := ""
	if !j.Kind.Composed() && len(j.Sources) > 0 {
		participant = j.Sources[0].ParticipantID
	}
	if j.Kind == job.HLSToMP4 { // what lists of them are filtered by
		participant = j.Sources[0].RecordingID
	}
	_, err = s.exec(
		ctx,
		c,
		`INSERT INTO egress_jobs (id, kind, account_id, meeting_id, session_id, state, config, sources, participant,
		format, targets, on_failure, webhook_url, dir, started_by, path, files, fault, created_at, started_at, stopped_at, ended_at, updated_at,
		node, incarnation)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		j.ID,
		j.Kind,
		j.AccountID,
		j.MeetingID,
		j.SessionID,
		j.State,
		texts[0],
		texts[1],
		sanitize(participant),
		j.Format,
		texts[2],
		j.OnFailure,
		sanitize(j.WebhookURL),
		sanitize(j.Dir),
		texts[3],
		sanitize(j.Path),
		texts[4],
		problem,
		toMs(j.CreatedAt),
		toMs(j.StartedAt),
		toMs(j.StoppedAt),
		toMs(j.EndedAt),
		toMs(j.UpdatedAt),
		j.Node.Name,
		j.Node.Incarnation,
	)
	return err
}

// UpdateJob keeps what changes in the life of a job: its state, its targets' states, its files, times and fault. A job
// that is over stays over: only its files may still change.
func (s *Store) UpdateJob(ctx context.Context, j record.Job) error {
	const op = "the state of a job"
	texts, err := jobJSON(j.Targets, j.Files)
	if err != nil {
		return opError(op, err)
	}
	problem, err := faultJSON(j.Fault)
	if err != nil {
		return opError(op, err)
	}
	n, err := s.exec(
		ctx,
		s.write,
		`UPDATE egress_jobs SET state = ?, targets = ?, files = ?, fault = ?, started_at = ?, stopped_at = ?,
		ended_at = ?, updated_at = ? WHERE id = ? AND (ended_at IS NULL OR state = ?)`,
		j.State,
		texts[0],
		texts[1],
		problem,
		toMs(j.StartedAt),
		toMs(j.StoppedAt),
		toMs(j.EndedAt),
		toMs(j.UpdatedAt),
		j.ID,
		j.State,
	)
	if err == nil && n == 0 {
		err = notFound("job", j.ID)
	}
	return opError(op, err)
}

// DeleteJob removes the record of a job that is over; *record.ConflictError for one that runs.
func (s *Store) DeleteJob(ctx context.Context, accountID, id string) error {
	const op = "the removal of a job"
	n, err := s.exec(
		ctx,
		s.write,
		`DELETE FROM egress_jobs WHERE account_id = ? AND id = ? AND ended_at IS NOT NULL`,
		sanitize(accountID),
		sanitize(id),
	)
	if err != nil || n > 0 {
		return opError(op, err)
	}
	j, err := s.Job(ctx, accountID, id)
	if err != nil {
		return err
	}
	return &record.ConflictError{Kind: "job", ID: id, State: string(j.State)}
}

// Job finds a job of an account.
func (s *Store) Job(ctx context.Context, accountID, id string) (record.Job, error) {
	var j record.Job
	if !isStorable(id) {
		return j, notFound("job", id)
	}
	err := s.row(ctx, s.read, `SELECT `+jobColumns+jobFrom+` WHERE j.account_id = ? AND j.id = ?`, accountID, id).
		Scan(jobFields(&j)...)
	if err != nil {
		return record.Job{}, opError("the query for a job", orNotFound(err, "job", id))
	}
	return j, nil
}

// Jobs lists the jobs of an account, newest first.
func (s *Store) Jobs(
	ctx context.Context,
	accountID string,
	want record.JobFilter,
	page record.Page,
) (record.List[record.Job], error) {
	var f filter
	f.add(`j.account_id = ?`, accountID)
	if len(want.Kinds) > 0 {
		kinds := make([]string, len(want.Kinds))
		for i, kind := range want.Kinds {
			kinds[i] = string(kind)
		}
		f.in(`j.kind`, kinds)
	}
	for column, value := range map[string]string{
		`j.participant = ?`: cmp.Or(want.ParticipantID, want.SourceID), `j.meeting_id = ?`: want.MeetingID,
		`j.session_id = ?`: want.SessionID, `j.id = ?`: want.ID,
	} {
		if value != "" {
			f.add(column, sanitize(value))
		}
	}
	if len(want.States) > 0 {
		states := make([]string, len(want.States))
		for i, state := range want.States {
			states[i] = string(state)
		}
		f.in(`j.state`, states)
	}
	switch {
	case want.Over == nil:
	case *want.Over:
		f.add(`j.ended_at IS NOT NULL`)
	default:
		f.add(`j.ended_at IS NULL`)
	}
	return list(ctx, s, "the query for jobs", jobColumns, jobFrom, `j.created_at DESC, j.id`, f, page, jobFields)
}

// OpenJobs returns the jobs that are not over, oldest first, and that this server ends at its start: those that its
// last run left. A node of a cluster takes those of the former runs of its own name, whose files are on its disk, and
// those of a server that was alone; from then on they are its own. Transcodings that wait for a node belong to nobody.
func (s *Store) OpenJobs(ctx context.Context) ([]record.Job, error) {
	const op = "the query for open jobs"
	node := s.node()
	if node == (record.NodeID{}) {
		jobs, err := s.openJobs(ctx, s.read, `j.ended_at IS NULL`)
		return jobs, opError(op, err)
	}
	jobs, err := s.takeJobs(
		ctx,
		node,
		`j.node = ? AND j.incarnation <> ? OR j.node = ''`,
		node.Name,
		node.Incarnation,
	)
	return jobs, opError(op, err)
}

// LostJobs takes the jobs that are not over from nodes that are fenced, and returns them, oldest first: this node ends
// them. Node is still the one that was lost. No other node gets them, unless this one is lost, too.
func (s *Store) LostJobs(ctx context.Context) ([]record.Job, error) {
	jobs, err := s.takeJobs(ctx, s.node(), `j.node <> '' AND EXISTS (SELECT 1 FROM nodes n
		WHERE n.name = j.node AND n.incarnation = j.incarnation AND n.fenced_at IS NOT NULL)`)
	return jobs, opError("the query for the jobs of lost nodes", err)
}

// takeJobs gives the open jobs of a condition to a node, and returns them as they were.
func (s *Store) takeJobs(
	ctx context.Context, node record.NodeID, condition string, args ...any,
) (jobs []record.Job, err error) {
	condition = `j.ended_at IS NULL AND (` + condition + `)`
	err = s.tx(ctx, func(c conn) error {
		if s.engine.postgres { // another node may be at the same; what it has taken is skipped below
			if err := s.rows(ctx, c, func(row scanner) error { return row.Scan(new(string)) },
				`SELECT j.id FROM egress_jobs j WHERE `+condition+` ORDER BY j.id FOR UPDATE`, args...); err != nil {
				return err
			}
		}
		var err error
		if jobs, err = s.openJobs(ctx, c, condition, args...); err != nil || len(jobs) == 0 {
			return err
		}
		ids := make([]string, len(jobs))
		for i, j := range jobs {
			ids[i] = j.ID
		}
		var f filter
		f.in(`id`, ids)
		_, err = s.exec(ctx, c, `UPDATE egress_jobs SET node = ?, incarnation = ?`+f.where(),
			append([]any{node.Name, node.Incarnation}, f.args...)...)
		return err
	})
	return jobs, err
}

func (s *Store) openJobs(ctx context.Context, c conn, condition string, args ...any) ([]record.Job, error) {
	var jobs []record.Job
	err := s.rows(ctx, c, func(row scanner) error {
		var j record.Job
		if err := row.Scan(jobFields(&j)...); err != nil {
			return err
		}
		jobs = append(jobs, j)
		return nil
	}, `SELECT `+jobColumns+jobFrom+` WHERE `+condition+` ORDER BY j.created_at, j.id`, args...)
	return jobs, err
}

func jobJSON(values ...any) ([]string, error) {
	texts := make([]string, len(values))
	for i, value := range values {
		text, err := toJSON(value)
		if err != nil {
			return nil, err
		}
		texts[i] = sanitize(text)
	}
	return texts, nil
}

func faultJSON(f *fault.Error) (string, error) {
	if f == nil {
		return "", nil
	}
	text, err := toJSON(f)
	return sanitize(text), err
}
