package rest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
)

// Temporary keeps the files that participants upload. blob.Temporary implements it.
type Temporary interface {
	FileBytes() int64
	// Life is how long a file is kept.
	Life() time.Duration
	// Dir is where an upload may be written before it is complete.
	Dir() (string, error)
	Keep(ctx context.Context, m record.Meeting, name string, content io.Reader, size int64) (record.TemporaryFile, error)
	Open(ctx context.Context, accountID, id string) (record.TemporaryFile, io.ReadCloser, error)
}

// The published SDK uploads to this path. Where a file is afterwards is told by the answer alone.
const (
	uploadPath    = "/base64-upload"
	temporaryPath = "/temporary-files"
)

const (
	uploadTimeout    = time.Minute
	maxFileNameBytes = 255
	// uploadOverhead is what a body may have besides base64: the name of the file, escaped, and white space.
	uploadOverhead = 8 << 10
	// maxUploads is how many uploads are decoded at once, each in memory. Until then an upload is on the disk.
	maxUploads = 2
)

// upload is the body of an upload.
type upload struct {
	FileName   string `json:"fileName" doc:"Name of the file with its extension, at most 255 bytes."`
	Base64Data string `json:"base64Data" doc:"The file in base64 (RFC 4648, section 4), without line breaks."`
}

// uploaded is the answer.
type uploaded struct {
	URL       string        `json:"url" doc:"Where the file is fetched, with a token of the meeting."`
	ExpiresAt fault.Instant `json:"expiresAt"`
}

// uploadLimits tell before an upload what may be uploaded.
type uploadLimits struct {
	FileBytes int64 `json:"fileBytes" doc:"How large one file may be (limit.temporaryFileMb)."`
	LifeMs    int64 `json:"lifeMs" doc:"How long it is kept, in ms (storage.temporaryLife)."`
}

func (a *API) temporaryFileRoutes() {
	slots := make(chan struct{}, maxUploads)
	a.raw("POST "+uploadPath, func(w http.ResponseWriter, r *http.Request) error { return a.upload(w, r, slots) })
	a.raw("GET "+uploadPath, a.uploadLimits)
	a.raw("GET "+temporaryPath+"/{meetingId}/{fileId}", a.fetchFile)
	a.describeTemporaryFiles()
}

// raw registers a handler that reads its request itself.
func (a *API) raw(pattern string, handle func(http.ResponseWriter, *http.Request) error) {
	a.router.ServeMux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		scopeOf(r.Context()).operation = pattern
		err := checkQuery(r)
		if err == nil {
			err = handle(w, r)
		}
		if err != nil {
			a.write(w, r, err)
		}
	})
}

// authorizeFiles returns who calls about the files of a meeting. It is judged before a body is read.
func (a *API) authorizeFiles(r *http.Request, meetingID string) (gate.FileCaller, error) {
	ctx := r.Context()
	client := ratelimit.ClientOf(ctx)
	if err := a.opts.Limiter.CheckToken(client); err != nil {
		return gate.FileCaller{}, err
	}
	who, err := a.opts.Gate.Files(ctx, r.Header.Get("Authorization"), meetingID)
	if err != nil {
		return who, a.opts.Limiter.Refused(client, err)
	}
	scope := scopeOf(ctx)
	scope.accountID, scope.meetingID = who.Account.ID, who.Meeting.ID
	if err := a.count(r.Context(), who.APIKey); err != nil {
		return who, err
	}
	if who.MayJoin {
		return who, nil
	}
	if err := a.here(ctx, who.Account.ID, who.Meeting.ID); err != nil {
		return who, err
	}
	inside, err := a.opts.Meetings.AdmittedWith(ctx, who.Account.ID, who.Meeting.ID, who.TokenSum)
	if err == nil && !inside {
		err = fault.NotPermittedNeedsPermission(scope.operation, gate.AllowJoin)
	}
	return who, err
}

// upload takes a file of the published uploadBase64File.
func (a *API) upload(w http.ResponseWriter, r *http.Request, slots chan struct{}) error {
	who, err := a.authorizeFiles(r, r.URL.Query().Get("roomId"))
	if err != nil {
		return err
	}
	if body, counted := r.Body.(admittable); counted {
		body.Admit()
	}
	body, err := a.spool(w, r)
	if err != nil {
		return err
	}
	defer func() { _, _ = body.Close(), os.Remove(body.Name()) }()
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return fault.ServerUnavailableStorage("read", err.Error()).Because(err)
	}
	name, content, err := readUpload(text)
	if err != nil {
		return err
	}
	f, err := a.opts.Temporary.Keep(r.Context(), who.Meeting, name, bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(uploaded{ // the client is gone, or has it
		URL:       a.base(r) + temporaryPath + "/" + url.PathEscape(f.MeetingID) + "/" + f.ID,
		ExpiresAt: fault.InstantOf(f.ExpiresAt),
	})
	return nil
}

// uploadLimits answers with what may be uploaded.
func (a *API) uploadLimits(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.authorizeFiles(r, r.URL.Query().Get("roomId")); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(uploadLimits{ // the client is gone, or has it
		FileBytes: a.opts.Temporary.FileBytes(), LifeMs: a.opts.Temporary.Life().Milliseconds(),
	})
	return nil
}

// admittable is a body that the server counts against the memory that requests may hold, until it may come.
type admittable interface{ Admit() }

// spool writes a body to the disk, so that clients that send slowly hold no memory.
func (a *API) spool(w http.ResponseWriter, r *http.Request) (*os.File, error) {
	dir, err := a.opts.Temporary.Dir()
	if err != nil {
		return nil, err
	}
	body, err := os.CreateTemp(dir, "body-")
	if err != nil {
		return nil, fault.ServerUnavailableStorage("put", err.Error()).Because(err)
	}
	limit := a.opts.Temporary.FileBytes()
	most := base64Len(limit) + uploadOverhead
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(uploadTimeout)) // else the server's own deadline holds
	received := &failingReader{Reader: r.Body}
	n, err := io.Copy(body, io.LimitReader(received, most+1))
	if err == nil && n > most {
		// Browsers read no answer before they have sent everything, so that some of what is too large is taken.
		more, _ := io.CopyN(io.Discard, r.Body, 4*most) // the answer is the same
		_, _ = body.Close(), os.Remove(body.Name())
		size := decodedLen(max(n+more, r.ContentLength) - uploadOverhead)
		return nil, fault.FileUploadFailedTooLarge(max(limit+1, size), limit)
	}
	_ = connection.SetReadDeadline(time.Time{})
	if err == nil {
		_, err = body.Seek(0, io.SeekStart)
	}
	if err == nil {
		return body, nil
	}
	_, _ = body.Close(), os.Remove(body.Name())
	if received.err == nil {
		return nil, fault.ServerUnavailableStorage("put", "the disk did not take the upload").Because(err)
	}
	problem := "the body breaks off"
	if errors.Is(err, os.ErrDeadlineExceeded) {
		problem = fmt.Sprintf("the rest of the body did not come within %v", uploadTimeout)
	}
	return nil, fault.InvalidMessageNotJSON(int(n), problem).Because(err)
}

// failingReader remembers that it was reading, and not writing, that failed.
type failingReader struct {
	io.Reader
	err error
}

func (f *failingReader) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

func base64Len(n int64) int64 { return (n + 2) / 3 * 4 }

func decodedLen(n int64) int64 { return n / 4 * 3 }

// readUpload returns the name and the content of an upload.
func readUpload(text []byte) (name string, content []byte, err error) {
	const method = "POST " + uploadPath
	if err := oneJSON(text); err != nil {
		return "", nil, err
	}
	var u upload
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&u); err != nil {
		return "", nil, fault.InvalidMessageBadParams(method, "body",
			"is not an object of two strings, fileName and base64Data").
			Because(err)
	}
	if problem := fileNameProblem(u.FileName); problem != "" {
		return "", nil, fault.InvalidMessageBadParams(method, "fileName", problem)
	}
	content, err = base64.StdEncoding.Strict().DecodeString(u.Base64Data)
	if at, ok := errors.AsType[base64.CorruptInputError](err); ok {
		problem := fmt.Sprintf("is not base64 (RFC 4648, section 4) at character %d", int64(at))
		return "", nil, fault.InvalidMessageBadParams(method, "base64Data", problem).Because(err)
	}
	if len(content) == 0 {
		return "", nil, fault.InvalidMessageBadParams(method, "base64Data", "is empty")
	}
	return u.FileName, content, nil
}

func fileNameProblem(name string) string {
	switch {
	case name == "":
		return "is empty"
	case len(name) > maxFileNameBytes:
		return fmt.Sprintf("has %d bytes; the limit is %d", len(name), maxFileNameBytes)
	}
	for _, r := range name {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '/' || r == '\\' {
			return fmt.Sprintf("has the character %U, which a file name cannot have", r)
		}
	}
	return ""
}

// fetchFile answers with a file.
func (a *API) fetchFile(w http.ResponseWriter, r *http.Request) error {
	who, err := a.authorizeFiles(r, r.PathValue("meetingId"))
	if err != nil {
		return err
	}
	f, content, err := a.opts.Temporary.Open(r.Context(), who.Account.ID, r.PathValue("fileId"))
	if err == nil && f.MeetingID != who.Meeting.ID {
		_ = content.Close() // was not read
		err = fault.FileFetchFailedNotFound(f.ID)
	}
	if err != nil {
		return err
	}
	defer content.Close()
	header := w.Header()
	header.Set("Content-Type", blob.ContentType(f.Name))
	header.Set("Content-Disposition", blob.Disposition(f.Name))
	header.Set("Content-Length", fmt.Sprint(f.Size))
	_, _ = io.Copy(w, content) // the client is gone, or has it; a length that is not reached shows in the client
	return nil
}

// describeTemporaryFiles adds both calls to the document.
func (a *API) describeTemporaryFiles() {
	document := a.huma.OpenAPI()
	schemas := document.Components.Schemas
	security := []map[string][]string{{"participant": {}}}
	tags := []string{"Temporary files"}
	problem := faultResponse(document)
	inJSON := func(schema *huma.Schema) map[string]*huma.MediaType {
		return map[string]*huma.MediaType{"application/json": {Schema: schema}}
	}
	path := func(name, doc string) *huma.Param {
		return &huma.Param{Name: name, In: "path", Required: true, Description: doc, Schema: &huma.Schema{Type: "string"}}
	}
	room := []*huma.Param{{
		Name: "roomId", In: "query", Required: true, Description: "roomId or customRoomId.",
		Schema: &huma.Schema{Type: "string"},
	}}
	const rights = "With ask_join somebody who was let in with this token must be in the session."
	document.AddOperation(&huma.Operation{
		OperationID: "upload-temporary-file", Method: http.MethodPost, Path: uploadPath, Tags: tags, Security: security,
		Summary: "Upload a file for the participants of a room", Description: rights +
			" The file is removed after storage.temporaryLife. Refused with 3074 past limit.temporaryFileMb and " +
			"limit.temporaryFilesMb.",
		Parameters:  room,
		RequestBody: &huma.RequestBody{Required: true, Content: inJSON(schemaOf[upload](schemas, "TemporaryFileUpload"))},
		Responses: map[string]*huma.Response{
			"200": {
				Description: "Where the file is.", Content: inJSON(schemaOf[uploaded](schemas, "TemporaryFile")),
			},
			"default": problem,
		},
	})
	document.AddOperation(&huma.Operation{
		OperationID: "get-temporary-file-limits", Method: http.MethodGet, Path: uploadPath, Tags: tags, Security: security,
		Summary: "Get how large a file may be, and how long it is kept", Description: rights, Parameters: room,
		Responses: map[string]*huma.Response{
			"200": {
				Description: "The limits.", Content: inJSON(schemaOf[uploadLimits](schemas, "TemporaryFileLimits")),
			},
			"default": problem,
		},
	})
	document.AddOperation(&huma.Operation{
		OperationID: "fetch-temporary-file", Method: http.MethodGet, Path: temporaryPath + "/{meetingId}/{fileId}",
		Tags: tags, Security: security, Summary: "Fetch a file that was uploaded", Description: rights,
		Parameters: []*huma.Param{
			path("meetingId", "Of the address that the upload returned."), path("fileId", "Of that address."),
		},
		Responses: map[string]*huma.Response{
			"200": {
				Description: "The file.",
				Content: map[string]*huma.MediaType{
					"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}},
				},
			},
			"default": problem,
		},
	})
}
